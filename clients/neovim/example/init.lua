--- nvim --clean --cmd 'set rtp^=clients/neovim' -u clients/neovim/example/init.lua FILE, then :FermataRun tidy
local fermata = require('fermata')
local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')

fermata.setup({
  cmd = { vim.env.FERMATA or 'fermata' },
  -- The commands of these workflows are ours; those of a project somebody else wrote are not.
  allow_commands = function(project) return project == here end,
})

--- Puts `input.new` in the place of `input.old` in the buffer of `input.file`.
fermata.handler('buffer/replace', function(input)
  local buffer = vim.fn.bufnr('^' .. vim.fn.fnamemodify(input.file, ':p') .. '$')
  if buffer == -1 then error({ kind = 'buffer.missing', message = input.file .. ' is not open.', retryable = false }) end
  local function text() return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n' end
  -- A step may be asked for again after a crash: then the work may have been done.
  if text() == input.new then return 'it was done' end
  if text() ~= input.old then
    error({ kind = 'buffer.changed', message = input.file .. ' has changed meanwhile.', retryable = false })
  end
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(input.new:gsub('\n$', ''), '\n'))
  return 'done'
end)
