--- :checkhealth fermata
local M = {}

-- The functions have lost their prefix in Neovim 0.10, and the module its place in 0.8.
local health = vim.health or require('health')
local start = health.start or health.report_start
local ok = health.ok or health.report_ok
local warn = health.warn or health.report_warn
local report_error = health.error or health.report_error
local info = health.info or health.report_info

local function check_executable(config)
  local program = config.current.cmd[1]
  if vim.fn.executable(program) == 0 then
    return report_error(('"%s" is no executable'):format(program), {
      'Install it: clients/shell/install, or build it with `swift build -c release`',
      "Or say where it is: require('fermata').setup({ cmd = { '/path/to/fermata' } })",
    })
  end
  local line = vim.list_extend(vim.list_extend({}, config.current.cmd), { 'version' })
  local version = vim.fn.system(line)
  if vim.v.shell_error ~= 0 then return report_error(('`%s` fails: %s'):format(table.concat(line, ' '), version)) end
  ok(('%s: %s'):format(vim.fn.exepath(program), vim.trim(version)))
  return true
end

local function check_service(session)
  local answer
  require('fermata').request('config/get', nil, function(problem, result) answer = problem or result end)
  if not vim.wait(5000, function() return answer end, 5) then return report_error('The service does not answer') end
  if not answer.settings then return report_error('The service refuses: ' .. answer.message) end
  ok(('The service answers: protocol %s, process %d'):format(session.server.protocolVersion, session.pid()))
  for _, setting in ipairs(answer.settings) do
    info(('%s: %s (%s)'):format(setting.name, tostring(setting.value), setting.layer))
  end
end

function M.check()
  local config, session = require('fermata.config'), require('fermata.session')
  start('fermata')
  if vim.fn.has('nvim-0.7') == 1 then ok('Neovim 0.7 or later') else report_error('Neovim 0.7 or later is needed') end
  if check_executable(config) then check_service(session) end
  local names = vim.tbl_keys(require('fermata.project').workflows())
  table.sort(names)
  if #names > 0 then
    ok('Workflows of this project: ' .. table.concat(names, ', '))
  else
    warn('No workflow here', { 'Put one into .fermata/NAME.json or NAME.workflow.json' })
  end
  local handlers = require('fermata.handlers').names()
  info(#handlers > 0 and 'Handlers: ' .. table.concat(handlers, ', ') or 'No handlers are defined')
end

return M
