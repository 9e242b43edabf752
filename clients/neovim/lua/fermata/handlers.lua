--- Step bodies that are Lua functions.
local session = require('fermata.session')

local M = {}

local functions = {}
local declared = {}
local under_way = {}

local Task = {}
Task.__index = Task

--- Returned by a handler that answers later, with `task:done` or `task:fail`.
M.later = setmetatable({}, { __tostring = function() return 'fermata.later' end })

function Task:say(method, params)
  local names = { runId = self.run_id, path = self.path, attempt = self.attempt }
  session.notify(method, vim.tbl_extend('error', names, params or {}))
end

function Task:text(text) self:say('step/textDelta', { text = text }) end
function Task:log(message, level) self:say('step/log', { message = message, level = level }) end
function Task:heartbeat() self:say('step/heartbeat') end
function Task:progress(current, total, message)
  self:say('step/progress', { current = current, total = total, message = message })
end

function Task:done(output)
  under_way[self.id] = nil
  self.answer({ output = output == nil and vim.NIL or output })
end

--- `problem` is a sentence, or {message, kind?, retryable?}.
function Task:fail(problem)
  under_way[self.id] = nil
  if type(problem) ~= 'table' then problem = { message = tostring(problem) } end
  local data = { kind = problem.kind, retryable = problem.retryable }
  local message = problem.message or 'The handler failed.'
  self.answer(nil, { code = -32603, message = message, data = next(data) and data or nil })
end

--- Defines the handler `name`. After the session has begun it is begun anew, since handlers are declared at its
--- beginning.
function M.define(name, body)
  assert(type(name) == 'string' and type(body) == 'function', 'fermata.handler takes a name and a function')
  functions[name] = body
  if declared[name] or not session.is_running() then return end
  declared[name] = true
  vim.schedule(session.restart)
end

function M.names()
  local names = vim.tbl_keys(functions)
  table.sort(names)
  for _, name in ipairs(names) do declared[name] = true end
  return names
end

function M.perform(params, answer, id)
  local body = functions[params.handler]
  if not body then
    return answer(nil, { code = -32601, message = ('Neovim has no handler "%s".'):format(params.handler) })
  end
  local task = setmetatable({
    id = id, answer = answer, run_id = params.runId, path = params.path, attempt = params.attempt,
    idempotency_key = params.idempotencyKey, is_cancelled = false,
  }, Task)
  under_way[id] = task
  local ran, output = pcall(body, params.input, task)
  if not ran then return task:fail(output) end
  if output ~= M.later then task:done(output) end
end

--- The service wants the answer no more: the task is told, if it listens.
function M.cancel(id)
  local task = under_way[id]
  if not task then return end
  under_way[id] = nil
  task.is_cancelled = true
  if task.on_cancel then task.on_cancel() end
end

--- The service died, and with it what it asked for: it will ask again.
function M.forget()
  for id in pairs(under_way) do M.cancel(id) end
end

return M
