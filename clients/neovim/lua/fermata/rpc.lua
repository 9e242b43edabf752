--- JSON-RPC 2.0 with a process, a message a line. Knows nothing of workflows.
---
--- `vim.lsp.rpc` would frame as well, but its signature changes from release to release, and it sends no error whose
--- code the language server protocol does not have.
local utf8 = require('fermata.utf8')
local uv = vim.loop or vim.uv

local M = {}
local Connection = {}
Connection.__index = Connection

--- What a request is answered with when the process ended first.
M.lost = { code = -32099, message = 'The service ended before it answered.', data = { kind = 'connection.lost' } }

--- Starts `command`, a list, and calls, always on the main loop:
---   on.notification(method, params)
---   on.request(method, params, answer): answer(output) or answer(nil, error), at any time, once
---   on.exit(code, signal, what it wrote to its standard error)
--- Returns the connection, or nil and why not.
function M.start(command, on)
  local self = setmetatable({ on = on, waiting = {}, last_id = 0, piece = {}, complaints = {} }, Connection)
  self.input, self.output, self.errors = uv.new_pipe(false), uv.new_pipe(false), uv.new_pipe(false)
  local options = {
    args = vim.list_slice(command, 2),
    stdio = { self.input, self.output, self.errors },
    detached = true, -- A Ctrl-C in the editor's terminal is not meant for it.
  }
  local failure
  self.process, failure = uv.spawn(command[1], options, function(code, signal) self:ended(code, signal) end)
  if not self.process then
    for _, pipe in ipairs({ self.input, self.output, self.errors }) do pipe:close() end
    return nil, ('%s cannot be started: %s'):format(command[1], failure)
  end
  self.pid = self.process:get_pid()
  self.output:read_start(function(_, bytes) self:read(bytes) end)
  self.errors:read_start(function(_, bytes)
    if bytes and #self.complaints < 100 then table.insert(self.complaints, bytes) end
  end)
  return self
end

--- Asks, and calls `callback(error, result)` once. Returns the request's id, for `cancel`.
function Connection:request(method, params, callback)
  self.last_id = self.last_id + 1
  self.waiting[self.last_id] = callback
  self:send({ id = self.last_id, method = method, params = params })
  return self.last_id
end

--- The answer is not wanted any more: the service gives -32800 for it.
function Connection:cancel(id) self:notify('$/cancelRequest', { id = id }) end

function Connection:notify(method, params) self:send({ method = method, params = params }) end

--- Nothing more will be asked: the service leaves what runs where it is, and ends.
function Connection:close_input()
  if not self.input:is_closing() then self.input:shutdown(function() self.input:close() end) end
end

function Connection:send(message)
  message.jsonrpc = '2.0'
  local line = utf8.repaired(vim.json.encode(message))
  if not self.input:is_closing() then self.input:write({ line, '\n' }) end
end

-- On the loop's side nothing is done but to find the lines: the rest may touch buffers.
function Connection:read(bytes)
  if not bytes then
    self.is_silent = true
    return self:finish()
  end
  local lines, start = {}, 1
  while true do
    local stop = bytes:find('\n', start, true)
    if not stop then break end
    table.insert(self.piece, bytes:sub(start, stop - 1))
    table.insert(lines, table.concat(self.piece))
    self.piece, start = {}, stop + 1
  end
  if start <= #bytes then table.insert(self.piece, bytes:sub(start)) end
  if #lines == 0 then return end
  vim.schedule(function()
    for _, line in ipairs(lines) do self:receive(line) end
  end)
end

function Connection:receive(line)
  local ok, message = pcall(vim.json.decode, line, { luanil = { object = true } })
  if not ok or type(message) ~= 'table' then return end
  if not message.method then
    local callback = self.waiting[message.id or false]
    if not callback then return end
    self.waiting[message.id] = nil
    callback(message.error, message.result)
  elseif message.id == nil then
    self.on.notification(message.method, message.params or {})
  else
    self.on.request(message.method, message.params or {}, self:answerer(message.id), message.id)
  end
end

function Connection:answerer(id)
  local is_answered = false
  return function(result, problem)
    if is_answered then return end
    is_answered = true
    if problem then return self:send({ id = id, error = problem }) end
    self:send({ id = id, result = result == nil and vim.NIL or result })
  end
end

function Connection:ended(code, signal)
  self.end_code, self.end_signal = code, signal
  self.process:close()
  self:finish()
end

-- The process's end and the end of its output come in any order, and what it said last comes before.
function Connection:finish()
  if not (self.end_code and self.is_silent) then return end
  for _, pipe in ipairs({ self.input, self.output, self.errors }) do
    if not pipe:is_closing() then pipe:close() end
  end
  vim.schedule(function()
    -- First the end, so that who asks again asks the next process.
    self.on.exit(self.end_code, self.end_signal, table.concat(self.complaints))
    local waiting = self.waiting
    self.waiting = {}
    for _, callback in pairs(waiting) do callback(M.lost) end
  end)
end

return M
