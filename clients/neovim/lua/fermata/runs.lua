--- What this editor knows of runs: the fold of what it was told. Survives the service, which is asked for what came
--- after.
local config = require('fermata.config')
local session = require('fermata.session')

local M = {
  --- The runs that are followed, by id.
  all = {},
  --- Called with (run, method, params) after each event, and with (run, 'text', {step, text}) for text that is new.
  watchers = {},
  --- Called when a question is open that has not been asked, with (run, question).
  on_question = function() end,
  --- Called when a question is closed, with its id.
  on_answered = function() end,
}

local Run = {}
Run.__index = Run

local terminal = { completed = true, failed = true, cancelled = true }

function Run:is_over() return terminal[self.status] or false end

--- Calls `callback(run)` when the run is over, at once if it is. Returns a function that gives the wait up.
function Run:wait(callback)
  if self:is_over() then
    callback(self)
    return function() end
  end
  local key = {}
  self.waiting[key] = callback
  return function() self.waiting[key] = nil end
end

--- What `run/…` of this run answers: `callback(error, result)`.
function Run:ask(method, params, callback)
  return session.request(method, vim.tbl_extend('force', { runId = self.id }, params or {}), callback)
end

local function tell(run, what, params)
  for _, watcher in ipairs(M.watchers) do watcher(run, what, params) end
end

--- The run `id`, which is followed from now on.
function M.known(id)
  local run = M.all[id]
  if not run then
    run = setmetatable({
      id = id, seq = 0, live_at = 0, status = 'pending', is_paused = false, open = {}, asked = {}, texts = {}, waiting = {},
    }, Run)
    M.all[id] = run
  end
  return run
end

local function text_of(run, params)
  local key = params.path .. '@' .. params.attempt
  local text = run.texts[key]
  if not text then
    text = { key = key, path = params.path, attempt = params.attempt, bytes = 0 }
    run.texts[key] = text
  end
  return text
end

--- Takes what is new of a text that begins at `offset`: after a reconnect it comes again from its beginning.
local function take_text(run, params, offset, text)
  local known = text_of(run, params)
  if offset > known.bytes or offset + #text <= known.bytes then return end
  local fresh = text:sub(known.bytes - offset + 1)
  known.bytes = known.bytes + #fresh
  tell(run, 'text', { step = known, text = fresh })
end

--- A step's result carries the whole text: nothing is streamed again of a step that is over.
local function whole_text(output)
  if type(output) ~= 'table' then return nil end
  local text = output.text or output.stdout
  return type(text) == 'string' and text or nil
end

local function ask_what_is_open(run)
  if run.seq < run.live_at then return end
  for id, question in pairs(run.open) do
    if not run.asked[id] then
      run.asked[id] = true
      M.on_question(run, question)
    end
  end
end

local function follow_child(params)
  local child = params.kind == 'workflow' and params.input and params.input.runId
  if child and not M.all[child] then M.subscribe(child) end
end

local folds = {
  ['run/created'] = function(run, params)
    run.workflow, run.cwd, run.input, run.created_at = params.workflow, params.cwd, params.input, params.at
  end,
  ['run/statusChanged'] = function(run, params)
    run.is_paused = params.isPaused
    -- The end itself is told by the event that follows, which has the output.
    if not terminal[params.status] then run.status = params.status end
  end,
  ['run/completed'] = function(run, params) run.status, run.output = 'completed', params.output end,
  ['run/failed'] = function(run, params) run.status, run.error = 'failed', params.error end,
  ['run/cancelled'] = function(run) run.status = 'cancelled' end,
  ['step/started'] = function(_, params) follow_child(params) end,
  ['step/completed'] = function(run, params)
    if params.progress then run.progress = params.progress end
    local whole = whole_text(params.output)
    if whole then take_text(run, params, 0, whole) end
  end,
}

local function open_question(run, params)
  run.open[params.interactionId] = params
end

folds['execution/approvalRequested'] = open_question
folds['execution/inputRequested'] = open_question
folds['execution/interactionResolved'] = function(run, params)
  run.open[params.interactionId] = nil
  M.on_answered(params.interactionId)
end

local function finish(run)
  for id in pairs(run.open) do M.on_answered(id) end
  run.open = {}
  local waiting = run.waiting
  run.waiting = {}
  for _, callback in pairs(waiting) do callback(run) end
end

--- Takes a notification. One that was taken before changes nothing.
function M.take(method, params)
  local run = params.runId and M.all[params.runId]
  if not run then return end
  if method == 'execution/textDelta' then return take_text(run, params, params.offset, params.text) end
  if not params.seq or params.seq <= run.seq then return end
  run.seq = params.seq
  if folds[method] then folds[method](run, params) end
  tell(run, method, params)
  if run:is_over() then finish(run) end
  ask_what_is_open(run)
end

--- Follows the run `id` from the event after the newest that is known.
function M.subscribe(id, callback)
  local run = M.known(id)
  -- Questions among what is told again may have been answered since.
  run.live_at = math.huge
  run:ask('run/subscribe', { afterSeq = run.seq }, function(problem, answer)
    if problem then
      if problem.data and problem.data.kind == 'run.notFound' then M.all[id] = nil end
      if callback then callback(problem) end
      return
    end
    run.live_at = answer.seq
    ask_what_is_open(run)
    if callback then callback(nil, run) end
  end)
  return run
end

--- Asks again what is open, also what was put off.
function M.ask_again()
  for _, run in pairs(M.all) do
    run.asked = {}
    ask_what_is_open(run)
  end
end

--- Creates a run and starts it; `callback(error, run)`. The id is ours, so that a request whose answer was lost is
--- asked again.
function M.create(params, callback)
  params = vim.tbl_extend('keep', params, { start = true, cwd = vim.fn.getcwd() })
  params.runId = params.runId or M.new_id()
  local run = M.known(params.runId)
  run.is_unborn = true
  local function attempt(is_second)
    session.request('run/create', params, function(problem)
      if problem and problem.data and problem.data.kind == 'connection.lost' then return attempt(true) end
      run.is_unborn = nil
      if problem then M.all[params.runId] = nil end
      if is_second and not problem then M.subscribe(params.runId) end
      if callback then callback(problem, not problem and run or nil) end
    end)
  end
  attempt(false)
  return run
end

function M.new_id()
  local random = (vim.loop or vim.uv).random(8)
  return os.date('!%Y%m%d-%H%M%S-') .. random:gsub('.', function(byte) return ('%02x'):format(byte:byte()) end)
end

--- Those that are open: of the project in `cwd`, or of the whole namespace.
function M.find_open(cwd, callback)
  local wanted = { filter = { status = { 'in-progress', 'awaiting' } }, limit = 1000 }
  session.request('run/list', wanted, function(problem, answer)
    if problem then return config.say(problem.message, vim.log.levels.ERROR) end
    for _, found in ipairs(answer.runs) do
      if not M.all[found.runId] and (not cwd or found.cwd == cwd) then M.subscribe(found.runId) end
    end
    if callback then callback() end
  end)
end

--- After the service was started again: goes on where it was told last.
function M.subscribe_again()
  for id, run in pairs(M.all) do
    if not run:is_over() and not run.is_unborn then
      run.asked = {}
      M.subscribe(id)
    end
  end
end

return M
