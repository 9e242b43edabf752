local M = {}

--- What `setup` takes, as it is without it.
M.defaults = {
  --- The executable, and what to start it with before our own flags.
  cmd = { 'fermata' },
  --- Where runs are kept; nil leaves it to the service, which keeps them under $XDG_STATE_HOME.
  store = nil,
  --- Whose runs these are. Another editor on the same store has a namespace of its own.
  namespace = 'neovim',
  --- Whether workflows may run local commands: true, false, or a function of the project's folder that says so.
  allow_commands = false,
  --- Who approves.
  user = vim.env.USER or 'neovim',
  --- How a run's text is shown: a command that makes a window, or false to show nothing by itself.
  split = 'botright 15split',
  --- Ask as soon as a run asks. Without it, :FermataAnswer asks.
  ask = true,
  --- Find this project's open runs again when the editor starts.
  resume = true,
  --- How often within a minute a service that died is started again.
  restarts = 5,
  --- Called with (level, message) instead of `vim.notify`.
  notify = nil,
}

M.current = vim.deepcopy(M.defaults)

function M.set(options)
  for name in pairs(options or {}) do
    local is_known = M.defaults[name] ~= nil or name == 'store' or name == 'notify'
    if not is_known then error(('fermata: setup has no option "%s"; see :help fermata-setup'):format(name), 0) end
  end
  M.current = vim.tbl_extend('force', vim.deepcopy(M.defaults), options or {})
end

function M.say(message, level)
  level = level or vim.log.levels.INFO
  if M.current.notify then return M.current.notify(level, message) end
  vim.notify('fermata: ' .. message, level)
end

return M
