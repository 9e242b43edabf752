--- The keys of a run's buffer and of the list: one table, which the help shows too.
local config = require('fermata.config')
local runs = require('fermata.runs')

local M = {}

local function refused(problem)
  if problem then config.say(problem.message, vim.log.levels.WARN) end
end

local function move(method, params)
  return function(run) run:ask(method, params, refused) end
end

--- Shows the picture of where a run stands, as Mermaid.
local function diagram(run)
  run:ask('workflow/diagram', { format = 'mermaid' }, function(problem, answer)
    if problem then return refused(problem) end
    vim.cmd('botright new')
    vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile = 'nofile', 'wipe', false
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(answer.diagram, '\n'))
    vim.bo.filetype = 'mermaid'
  end)
end

local function retry(run)
  -- A run that is over is not followed any more.
  runs.subscribe(run.id, function() run:ask('run/retry', nil, refused) end)
end

M.actions = {
  { key = '<CR>', name = 'open', run = function(run) require('fermata.view').show(run, true) end },
  { key = 'a', name = 'answer', run = function() require('fermata.people').ask_again() end },
  { key = 'p', name = 'pause', run = move('run/pause') },
  { key = 'r', name = 'resume', run = move('run/resume') },
  { key = 'c', name = 'cancel', run = move('run/cancel') },
  { key = 't', name = 'retry', run = retry },
  { key = 'd', name = 'diagram', run = diagram },
}

--- Performs the action `name` on a run.
function M.perform(name, run)
  for _, action in ipairs(M.actions) do
    if action.name == name then return action.run(run) end
  end
  error(('fermata: there is no action "%s"'):format(name), 0)
end

--- Maps the keys in `buffer`; `current` gives the run they are about, or nil.
function M.attach(buffer, current)
  for _, action in ipairs(M.actions) do
    vim.keymap.set('n', action.key, function()
      local run = current()
      if run then action.run(run) end
    end, { buffer = buffer, nowait = true, desc = 'fermata: ' .. action.name })
  end
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, nowait = true, desc = 'fermata: close' })
end

return M
