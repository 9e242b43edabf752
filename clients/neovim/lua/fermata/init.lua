--- Durable workflows in Neovim: what users and other plugins call. See :help fermata.
local config = require('fermata.config')
local handlers = require('fermata.handlers')
local project = require('fermata.project')
local runs = require('fermata.runs')
local session = require('fermata.session')

local M = {}

local is_wired = false

--- The mark that the project in `cwd` has open runs, for the next start of the editor.
local function marker()
  return vim.fn.stdpath('data') .. '/fermata/' .. vim.fn.sha256(vim.fn.getcwd()):sub(1, 16)
end

local function remember()
  local has_open = false
  for _, run in pairs(runs.all) do has_open = has_open or not run:is_over() end
  if not has_open then return vim.fn.delete(marker()) end
  vim.fn.mkdir(vim.fn.fnamemodify(marker(), ':h'), 'p')
  vim.fn.writefile({ vim.fn.getcwd() }, marker())
end

--- Connects the parts, once, when the first of them is needed.
local function wire()
  if is_wired then return end
  is_wired = true
  require('fermata.view').attach()
  require('fermata.list').attach()
  require('fermata.people').attach()
  session.handlers = handlers.names
  session.on_step = handlers.perform
  session.on_cancel = handlers.cancel
  session.on_notification = runs.take
  session.on_begin = function(is_first)
    handlers.forget()
    if not is_first then return runs.subscribe_again() end
    if config.current.resume then runs.find_open(vim.fn.getcwd()) end
  end
  table.insert(runs.watchers, function(_, what)
    if vim.startswith(what, 'run/') then remember() end
  end)
end

--- Sets options; see :help fermata-setup.
function M.setup(options) config.set(options) end

--- Defines a step body: `body(input, task)` returns the output, or `require('fermata').later`.
function M.handler(name, body)
  wire()
  handlers.define(name, body)
end

M.later = handlers.later

--- Asks the service anything: `callback(error, result)`. Returns a function that gives the wait up.
function M.request(method, params, callback)
  wire()
  return session.request(method, params, callback)
end

--- Calls `watcher(run, what, params)` for each event of the runs that are followed.
function M.on_event(watcher)
  wire()
  table.insert(runs.watchers, watcher)
end

--- The run `id` as it is known here, followed from now on: `callback(error, run)`.
function M.follow(id, callback)
  wire()
  return runs.subscribe(id, callback)
end

--- Creates and starts a run of `workflow`, a registered name or a document.
---   options.input, options.labels, options.options, options.runId, options.cwd: as in run/create
---   options.on_start(error, run), options.on_end(run): run.status, run.output, run.error
---   options.show = false: no window
--- Returns the run: run:wait(callback), run:ask(method, params, callback).
function M.run(workflow, options)
  wire()
  options = options or {}
  local params = { workflow = workflow, input = options.input, labels = options.labels, options = options.options,
    runId = options.runId, cwd = options.cwd }
  local run = runs.create(params, function(problem, created)
    if problem and not options.on_start then config.say(problem.message, vim.log.levels.ERROR) end
    if options.on_start then options.on_start(problem, created) end
  end)
  if options.show ~= false then require('fermata.view').show(run) end
  if options.on_end then run:wait(options.on_end) end
  return run
end

--- Names of the project's workflows, and of the registered ones once the service is there: `callback(names)`.
function M.workflows(callback)
  wire()
  local names = vim.tbl_keys(project.workflows())
  session.request('workflow/list', nil, function(problem, answer)
    for _, found in ipairs(not problem and answer.workflows or {}) do
      if not vim.tbl_contains(names, found.name) then table.insert(names, found.name) end
    end
    table.sort(names)
    callback(names)
  end)
end

--- Asks for what the input still needs, then starts.
local function start(workflow, document, input, options)
  local missing = project.missing(document, input)
  if #missing == 0 then return M.run(workflow, vim.tbl_extend('force', options, { input = input })) end
  local member = missing[1]
  vim.ui.input({ prompt = ('%s: '):format(member) }, function(text)
    if text == nil then return end
    local schema = (document.input.properties or {})[member] or {}
    local is_text = schema.type == nil or schema.type == 'string'
    local ok, value = true, text
    if not is_text then ok, value = pcall(vim.json.decode, text) end
    if not ok then return config.say(('%s must be JSON'):format(member), vim.log.levels.ERROR) end
    input = input or vim.empty_dict()
    input[member] = value
    start(workflow, document, input, options)
  end)
end

--- Starts the workflow `name` on a buffer: `options.buffer`, `options.first`, `options.last`, `options.input`, and
--- those of `run`.
function M.start(name, options)
  wire()
  options = options or {}
  local context = project.context(options.buffer or 0, options.first, options.last)
  local path = project.workflows()[name]
  if path then
    local ok, document = pcall(project.read, path)
    if not ok then return config.say(document, vim.log.levels.ERROR) end
    return start(document, document, project.input(document, options.input, context), options)
  end
  session.request('workflow/get', { name = name }, function(problem, answer)
    if problem then return config.say(problem.message, vim.log.levels.ERROR) end
    start(name, answer.document, project.input(answer.document, options.input, context), options)
  end)
end

--- The list of runs in a window.
function M.runs(callback)
  wire()
  require('fermata.list').open(callback)
end

--- Asks what is open.
function M.answer()
  wire()
  if not session.is_running() then return runs.find_open(vim.fn.getcwd()) end
  require('fermata.people').ask_again()
end

--- Pauses, resumes, cancels, retries, opens or draws a run, by its id.
function M.act(action, id)
  wire()
  require('fermata.keys').perform(action, runs.all[id] or runs.subscribe(id))
end

--- Called when the editor has started: goes on with this project's runs, if there are any.
function M.resume()
  if not config.current.resume or vim.fn.filereadable(marker()) == 0 then return end
  wire()
  session.start()
end

--- Ends the service in order; runs stay where they are.
function M.stop(timeout) session.stop(timeout) end

return M
