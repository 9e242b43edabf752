--- One conversation with the service: begins it when it is needed, tells what comes to those who listen, and begins it
--- anew on the same store when the service dies. Nothing is lost by that: what was told was durable, and runs go on
--- where they were.
local config = require('fermata.config')
local rpc = require('fermata.rpc')
local uv = vim.loop or vim.uv

local M = {
  --- What the service said of itself; nil until it has.
  server = nil,
  --- Called with (method, params) of each notification.
  on_notification = function() end,
  --- Called with (params, answer, id) of each step/execute.
  on_step = function(_, answer) answer(nil, { code = -32601, message = 'No handlers are defined.' }) end,
  --- Called with the id of a request of the service that it wants no answer to.
  on_cancel = function() end,
  --- Called whenever a session has begun; the first time with true.
  on_begin = function() end,
  --- The names of the handlers to declare.
  handlers = function() return {} end,
}

local connection
local is_ready = false
local is_stopping = false
local has_begun = false
local queue = {}
local deaths = {}

-- Derived notifications that nothing here needs: each of the others has a seq of its own.
local unwanted = { 'run/stateChanged', 'run/progress', 'step/decided' }

local function command()
  local line = vim.list_extend({}, config.current.cmd)
  if config.current.store then vim.list_extend(line, { '--store', config.current.store }) end
  return line
end

local function allows_commands()
  local allowed = config.current.allow_commands
  if type(allowed) == 'function' then allowed = allowed(vim.fn.getcwd()) end
  return allowed and true or false
end

local function flush()
  local waiting = queue
  queue = {}
  for _, send in ipairs(waiting) do send() end
end

local function fail_queue(problem)
  local waiting = queue
  queue = {}
  for _, send in ipairs(waiting) do send(problem) end
end

local function begin()
  local params = {
    processId = vim.fn.getpid(),
    clientInfo = { name = 'neovim', version = tostring(vim.version().major) .. '.' .. vim.version().minor },
    namespace = config.current.namespace,
    capabilities = {
      commands = allows_commands(),
      steps = { handlers = M.handlers() },
      notifications = { optOut = unwanted },
    },
  }
  connection:request('initialize', params, function(problem, answer)
    if problem == rpc.lost then return end -- `ended` has said more.
    if problem then
      config.say(problem.message, vim.log.levels.ERROR)
      fail_queue(problem)
      is_stopping = true
      return connection:close_input()
    end
    is_ready, M.server = true, answer
    connection:notify('initialized', vim.empty_dict())
    local is_first = not has_begun
    has_begun = true
    M.on_begin(is_first)
    flush()
  end)
end

local function may_start_again()
  local now = uv.now()
  deaths = vim.tbl_filter(function(at) return now - at < 60000 end, deaths)
  table.insert(deaths, now)
  return #deaths <= config.current.restarts
end

local function ended(code, signal, complaints)
  local was_stopping = is_stopping
  connection, is_ready, is_stopping = nil, false, false
  if was_stopping then
    if #queue > 0 then M.start() end
    return
  end
  local how = signal ~= 0 and ('by signal ' .. signal) or ('with code ' .. code)
  local said = vim.trim(complaints) ~= '' and (': ' .. vim.trim(complaints)) or ''
  -- One that never began would not begin the next time either.
  if has_begun and may_start_again() then
    local message = 'the service ended %s; it is started again, and its runs go on%s'
    config.say(message:format(how, said), vim.log.levels.WARN)
    return M.start()
  end
  config.say(('the service ended %s%s. See :checkhealth fermata'):format(how, said), vim.log.levels.ERROR)
  fail_queue(rpc.lost)
end

--- Begins the conversation if there is none.
function M.start()
  if connection then return end
  local failure
  connection, failure = rpc.start(command(), {
    notification = function(method, params)
      if method == '$/cancelRequest' then return M.on_cancel(params.id) end
      M.on_notification(method, params)
    end,
    request = function(method, params, answer, id)
      if method == 'step/execute' then return M.on_step(params, answer, id) end
      answer(nil, { code = -32601, message = ('Neovim does not answer %s.'):format(method) })
    end,
    exit = ended,
  })
  if not connection then
    config.say(failure .. '. See :checkhealth fermata', vim.log.levels.ERROR)
    return fail_queue({ code = -32099, message = failure, data = { kind = 'service.missing' } })
  end
  begin()
end

--- Asks the service, which is started when it is not there: `callback(error, result)`. Returns a function that gives
--- the wait up; the callback then gets the error -32800.
function M.request(method, params, callback)
  callback = callback or function() end
  local sent_on, id, is_given_up
  local function send(problem)
    if is_given_up then return end
    if problem then return callback(problem) end
    sent_on = connection
    id = connection:request(method, params or vim.empty_dict(), callback)
  end
  if is_ready and not is_stopping then
    send()
  else
    table.insert(queue, send)
    M.start()
  end
  return function()
    if is_given_up then return end
    is_given_up = true
    if sent_on then return sent_on:cancel(id) end
    callback({ code = -32800, message = 'The request was cancelled.' })
  end
end

--- Says something that has no answer, if there is somebody to hear it.
function M.notify(method, params)
  if is_ready then connection:notify(method, params) end
end

--- Ends the service in order; its runs stay where they are. `timeout` in milliseconds waits for the end.
function M.stop(timeout)
  if not connection then return end
  is_stopping, is_ready = true, false
  local ending = connection
  ending:request('shutdown', vim.empty_dict(), function() end)
  ending:notify('exit', vim.empty_dict())
  ending:close_input()
  if timeout then vim.wait(timeout, function() return connection ~= ending end, 5) end
end

--- Begins anew, for what is declared only at the beginning of a session.
function M.restart()
  if not connection then return end
  M.stop()
  table.insert(queue, function() end)
end

--- The process, or nil.
function M.pid() return connection and connection.pid end

function M.is_running() return connection ~= nil end

return M
