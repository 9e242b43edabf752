-- Fermata, driven by the language client of Neovim. `run` starts it, and names the executable in FERMATA.
--
-- First by `vim.lsp.rpc`, which only frames and numbers; then as if it were a language server, with all that Neovim sends
-- to one. Both frame with Content-Length.

local executable = vim.fn.fnamemodify(os.getenv('FERMATA'), ':p')
local failures = 0

local function say(line) io.stdout:write(line .. '\n') end

--- Says whether `body` returns something true, under its name; an error fails it.
local function check(name, body)
  local ran, answer = pcall(body)
  if ran and answer then return say('ok - ' .. name) end
  failures = failures + 1
  say(('not ok - %s: %s'):format(name, ran and 'it does not hold' or tostring(answer)))
end

local function wait_until(holds) return vim.wait(10000, holds, 5) end

-- The host: what it is told, and what it performs.

local told, exit_code, client_errors = {}, nil, {}

local handlers = {
  greet = function(input) return { output = 'Hello, ' .. input.name .. '!' } end,
  nothing = function() return vim.NIL end,
  -- The client drops an answer whose code the language server protocol does not have.
  refuse = function() return nil, vim.lsp.rpc_response_error(-32603, 'Not today.', { retryable = false }) end,
}

local dispatchers = {
  notification = function(method, params) table.insert(told, { method = method, params = params }) end,
  server_request = function(method, params)
    if method ~= 'step/execute' then return nil, vim.lsp.rpc_response_error(-32601) end
    return handlers[params.handler](params.input)
  end,
  on_exit = function(code) exit_code = code end,
  on_error = function(code, problem) table.insert(client_errors, { code, problem }) end,
}

--- The client changed its signature: the arguments went into the command, and functions lost their table.
local function start()
  if vim.fn.has('nvim-0.8') == 1 then return vim.lsp.rpc.start({ executable, '--store', 'memory:' }, dispatchers) end
  return vim.lsp.rpc.start(executable, { '--store', 'memory:' }, dispatchers)
end

local client = start()

--- What a method answers: its error and its result.
local function request(method, params)
  local answer
  client.request(method, params, function(problem, result) answer = { problem, result } end)
  assert(wait_until(function() return answer end), method .. ' was not answered')
  return answer[1], answer[2]
end

local function result_of(method, params)
  local problem, result = request(method, params)
  assert(not problem, vim.inspect(problem))
  return result
end

local function kind_of(problem) return problem and problem.code, problem and problem.data and problem.data.kind end

local function one_step(name, step)
  return { name = name, flow = { START = 'only', only = vim.tbl_extend('error', step, { next = 'END' }) } }
end

local function run(document, input)
  local id = result_of('run/create', { workflow = document, input = input, start = true }).runId
  return result_of('run/result', { runId = id })
end

local function first_told(method, run_id)
  for _, message in ipairs(told) do
    if message.method == method and message.params.runId == run_id then return message.params end
  end
end

-- By vim.lsp.rpc

check('a request before initialize is refused', function()
  return kind_of((request('run/list', vim.empty_dict()))) == -32002
end)

check('initialize announces the service', function()
  local answer = result_of('initialize', {
    clientInfo = { name = 'Neovim' },
    capabilities = { steps = { handlers = { 'greet', 'nothing', 'refuse' } } },
  })
  client.notify('initialized', vim.empty_dict())
  return answer.serverInfo.name == 'fermata' and answer.capabilities
end)

check('a step is performed by Neovim, and its output is the run\'s', function()
  local document = one_step('greet', { call = 'greet', with = { name = '${input.name}' }, set = { said = '${result}' } })
  document.output = '${state.said}'
  local finish = run(document, { name = 'Wörld 🌍' })
  return finish.status == 'completed' and finish.output == 'Hello, Wörld 🌍!'
    and wait_until(function() return first_told('run/completed', finish.runId) end)
    and first_told('step/started', finish.runId) and first_told('step/completed', finish.runId)
end)

check('a result of null is an output of null', function()
  local finish = run(one_step('nothing', { call = 'nothing' }))
  return finish.status == 'completed' and (finish.output == nil or finish.output == vim.NIL)
end)

check('a handler\'s error fails the run, its message kept', function()
  local finish = run(one_step('refuse', { call = 'refuse' }))
  return finish.status == 'failed' and finish.error.message == 'Not today.'
end)

check('an approval is asked, given, and ends the run', function()
  local document = one_step('ask', { approval = { message = 'Go?' } })
  local id = result_of('run/create', { workflow = document, start = true }).runId
  assert(wait_until(function() return first_told('execution/approvalRequested', id) end), 'nobody was asked')
  local question = first_told('execution/approvalRequested', id).interactionId
  local answer = { interactionId = question, decision = 'approved', approver = 'ann' }
  return result_of('execution/respondApproval', answer).resolved
    and result_of('run/result', { runId = id }).status == 'completed'
end)

check('a megabyte goes there and back', function()
  local text = ('é'):rep(500000)
  local document = one_step('long', { set = { text = '${input}' } })
  document.output = '${state.text}'
  return run(document, text).output == text
end)

check('a domain\'s refusal carries its kind', function()
  local code, kind = kind_of((request('run/get', { runId = 'none' })))
  return code == -32000 and kind == 'run.notFound'
end)

check('shutdown answers null, and exit ends the process with 0', function()
  local problem, result = request('shutdown', nil)
  assert(not problem and (result == nil or result == vim.NIL), vim.inspect({ problem, result }))
  client.notify('exit', nil)
  return wait_until(function() return exit_code end) and exit_code == 0
end)

check('the client found nothing wrong with what it read', function()
  return #client_errors == 0 or error(vim.inspect(client_errors))
end)

-- As a language server

check('Neovim takes it for a language server, and stops it', function()
  local server, code
  local config = {
    name = 'fermata', cmd = { executable, '--store', 'memory:' }, root_dir = vim.fn.getcwd(),
    on_init = function(started) server = started end,
    on_exit = function(status) code = status end,
  }
  local id = (vim.lsp.start or vim.lsp.start_client)(config)
  assert(wait_until(function() return server end), 'it was not initialized')
  vim.lsp.buf_attach_client(0, id)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'a buffer that changes' })
  local health
  server.request('health/check', vim.empty_dict(), function(problem, result) health = problem or result end, 0)
  assert(wait_until(function() return health end) and health.status == 'ok', vim.inspect(health))
  vim.lsp.stop_client(id)
  assert(wait_until(function() return code end), 'it did not stop')
  return code == 0 or error('it ended with ' .. code)
end)

vim.cmd(failures == 0 and 'qall!' or 'cquit 1')
