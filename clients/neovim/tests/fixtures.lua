-- The recorded sessions of the protocol, with `fermata conformance --stand-in` in the place of the service. `../test` starts it.
local rpc = require('fermata.rpc')

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
local root = vim.fn.fnamemodify(here .. '/../../../protocol/fixtures', ':p')
local decoding = { luanil = { object = true } }

--- The client's part of one session, line by line.
local Session = {}
Session.__index = Session

local function wait_for(holds, what) assert(vim.wait(30000, holds, 1), 'waited in vain for ' .. what) end

--- The name of what a placeholder stands for; nil for what is none, '' for one that has no name.
local function placeholder(pattern)
  if type(pattern) ~= 'table' then return nil end
  local key, value = next(pattern)
  if type(key) ~= 'string' or key:sub(1, 1) ~= '$' or next(pattern, key) then return nil end
  return key == '$id' and value or ''
end

--- A message with the ids that the file has names for.
function Session:filled(pattern)
  if type(pattern) ~= 'table' then return pattern end
  local name = placeholder(pattern)
  if name then return self.names[name] end
  for key, part in pairs(pattern) do pattern[key] = self:filled(part) end
  return pattern
end

--- Whether a value is what the file says, where it says it.
function Session:fits(pattern, value)
  if type(pattern) ~= 'table' then return pattern == value end
  local name = placeholder(pattern)
  if name then
    if name ~= '' and self.names[name] == nil then self.names[name] = value end
    return name == '' or self.names[name] == value
  end
  if type(value) ~= 'table' then return false end
  for key, part in pairs(pattern) do
    if not self:fits(part, value[key]) then return false end
  end
  return true
end

function Session:say(message)
  local id, method, params = message.id, message.method, message.params
  if method == '$/cancelRequest' and self.sent[params.id] then return self.connection:cancel(self.sent[params.id]) end
  if not method then return self.answers[id](message.result, message.error) end
  if id == nil then return self.connection:notify(method, params) end
  self.sent[id] = self.connection:request(method, params, function(problem, result) self.got[id] = { problem, result } end)
end

function Session:hear(message)
  if message.method then
    wait_for(function() return self.told[1] end, message.method)
    local told = table.remove(self.told, 1)
    assert(told.method == message.method, told.method .. ' in the place of ' .. message.method)
    assert(self:fits(message.params or {}, told.params), vim.inspect({ message.params, told.params }))
    if message.id then
      assert(told.answer and self:fits(message.id, told.id), 'it asks')
      self.answers[told.id] = told.answer
    end
    return
  end
  wait_for(function() return self.got[message.id] end, 'an answer')
  local problem, result = self.got[message.id][1], self.got[message.id][2]
  assert(self:fits(message.error, problem) and self:fits(message.result, result), vim.inspect({ message, problem, result }))
end

local function play(path)
  local session = setmetatable({ told = {}, sent = {}, got = {}, answers = {}, names = {} }, Session)
  local function note(what) table.insert(session.told, what) end
  session.connection = assert(rpc.start({ vim.env.FERMATA, 'conformance', '--stand-in', path }, {
    notification = function(method, params) note({ method = method, params = params }) end,
    request = function(method, params, answer, id) note({ method = method, params = params, answer = answer, id = id }) end,
    exit = function(code, _, complaints) session.ended = { code, complaints } end,
  }))
  for line in io.lines(path) do
    local message = vim.json.decode(line, decoding)
    if message.client then session:say(session:filled(message.client)) else session:hear(message.service) end
  end
  session.connection:close_input()
  wait_for(function() return session.ended end, 'the end')
  assert(session.ended[1] == 0, session.ended[2])
end

local paths = vim.fn.globpath(root, '**/*.jsonl', false, true)
local failures = #paths > 100 and 0 or 1
for _, path in ipairs(paths) do
  local ran, problem = xpcall(play, debug.traceback, path)
  if not ran then
    failures = failures + 1
    io.stdout:write(('# %s: %s\n'):format(path:sub(#root + 1), tostring(problem):gsub('\n', '\n# ')))
  end
end
io.stdout:write(('%s - every recorded session is kept to\n'):format(failures == 0 and 'ok' or 'not ok'))
vim.cmd(failures == 0 and 'qall!' or 'cquit')
