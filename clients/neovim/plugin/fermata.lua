if vim.g.loaded_fermata then return end
vim.g.loaded_fermata = true

local command = vim.api.nvim_create_user_command

--- `words` after the command: a workflow's name, then its input, JSON or plain text.
local function parse(words)
  local name, rest = words:match('^(%S+)%s*(.*)$')
  if not name or rest == '' then return name end
  local ok, input = pcall(vim.json.decode, rest)
  return name, ok and input or rest
end

local function run(call)
  local fermata = require('fermata')
  local options = { buffer = vim.api.nvim_get_current_buf() }
  if call.range > 0 then options.first, options.last = call.line1, call.line2 end
  local name, input = parse(call.args)
  options.input = input
  if name then return fermata.start(name, options) end
  fermata.workflows(function(names)
    if #names == 0 then return print('fermata: there is neither .fermata/*.json nor *.workflow.json here') end
    vim.ui.select(names, { prompt = 'Workflow', kind = 'fermata.workflow' }, function(choice)
      if choice then fermata.start(choice, options) end
    end)
  end)
end

local function complete(lead)
  local names = vim.tbl_keys(require('fermata.project').workflows())
  table.sort(names)
  return vim.tbl_filter(function(name) return vim.startswith(name, lead) end, names)
end

command('FermataRun', run, { nargs = '*', range = true, complete = complete, desc = 'Start a workflow on this buffer' })
command('FermataRuns', function() require('fermata').runs() end, { desc = 'List runs' })
command('FermataAnswer', function() require('fermata').answer() end, { desc = 'Answer what runs ask' })
command('FermataStop', function() require('fermata').stop() end, { desc = 'End the service; runs stay where they are' })

local group = vim.api.nvim_create_augroup('fermata', {})
vim.api.nvim_create_autocmd('VimEnter', { group = group, callback = function() require('fermata').resume() end })
vim.api.nvim_create_autocmd('VimLeavePre', {
  group = group,
  callback = function()
    if package.loaded['fermata'] then require('fermata').stop(2000) end
  end,
})
