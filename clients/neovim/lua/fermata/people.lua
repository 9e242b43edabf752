--- Questions to the person at the keyboard, one at a time, by `vim.ui`.
local config = require('fermata.config')
local runs = require('fermata.runs')
local session = require('fermata.session')
local view = require('fermata.view')

local M = {}

local queue = {}
local asking = nil

local next_question

local function done(id)
  if asking and asking.question.interactionId == id then asking = nil end
  -- Not from within the callback of a dialog that is still closing.
  vim.schedule(function() next_question() end)
end

local function respond(entry, method, params)
  local id = entry.question.interactionId
  params.interactionId = id
  session.request(method, params, function(problem)
    local kind = problem and problem.data and problem.data.kind
    if problem and kind ~= 'connection.lost' then
      config.say(problem.message, vim.log.levels.WARN)
      -- What does not fit is asked once more; a question that was answered elsewhere is not.
      if kind == 'input.invalid' then table.insert(queue, 1, entry) end
    end
    done(id)
  end)
end

local function approve(entry)
  local function decide(decision, message)
    local answer = { decision = decision, approver = config.current.user, message = message }
    respond(entry, 'execution/respondApproval', answer)
  end
  local choices = { 'Approve', 'Reject', 'Reject, and say why', 'Later' }
  vim.ui.select(choices, { prompt = entry.question.message, kind = 'fermata.approval' }, function(choice)
    if choice == 'Approve' then return decide('approved') end
    if choice == 'Reject' then return decide('rejected') end
    if choice ~= 'Reject, and say why' then return done(entry.question.interactionId) end
    vim.ui.input({ prompt = 'Why? ' }, function(reason) decide('rejected', reason) end)
  end)
end

--- What was typed, as the schema wants it. A text stays a text unless something else is asked for.
local function value_of(text, schema)
  local kind = type(schema) == 'table' and schema.type or 'string'
  if kind == 'string' then return true, text end
  return pcall(vim.json.decode, text)
end

local function choices_of(schema)
  if type(schema) ~= 'table' then return nil end
  if schema.enum then return schema.enum end
  if schema.type == 'boolean' then return { true, false } end
end

local function answer(entry)
  local question = entry.question
  local function give(value)
    respond(entry, 'execution/respondInput', { value = value, by = config.current.user })
  end
  local choices = choices_of(question.schema)
  if choices then
    local options = { prompt = question.prompt, kind = 'fermata.input', format_item = tostring }
    return vim.ui.select(choices, options, function(choice)
      if choice == nil then return done(question.interactionId) end
      give(choice)
    end)
  end
  local default = question.default
  if default ~= nil and type(default) ~= 'string' then default = vim.json.encode(default) end
  vim.ui.input({ prompt = question.prompt .. ' ', default = default }, function(text)
    if text == nil then return done(question.interactionId) end
    local fits, value = value_of(text, question.schema)
    if fits then return give(value) end
    config.say(('This is no %s as JSON: %s'):format(question.schema.type, text), vim.log.levels.WARN)
    table.insert(queue, 1, entry)
    done(question.interactionId)
  end)
end

function next_question()
  if asking or #queue == 0 then return end
  asking = table.remove(queue, 1)
  view.show(asking.run)
  if asking.question.kind == 'approval' then approve(asking) else answer(asking) end
end

local function is_being_asked(id)
  if asking and asking.question.interactionId == id then return true end
  for _, entry in ipairs(queue) do
    if entry.question.interactionId == id then return true end
  end
end

local function ask(run, question)
  if is_being_asked(question.interactionId) then return end
  table.insert(queue, { run = run, question = question })
  vim.schedule(next_question)
end

--- Asks everything that is open once more, also where `ask` is off.
function M.ask_again()
  local before = runs.on_question
  runs.on_question = ask
  runs.ask_again()
  runs.on_question = before
  if #queue == 0 and not asking then config.say('Nothing is asked.') end
end

--- Forgets questions that somebody else has answered.
local function forget(id)
  queue = vim.tbl_filter(function(entry) return entry.question.interactionId ~= id end, queue)
end

function M.attach()
  runs.on_answered = forget
  runs.on_question = function(run, question)
    if config.current.ask then return ask(run, question) end
    config.say(('%s asks: %s (:FermataAnswer)'):format(run.workflow, question.message or question.prompt))
  end
end

return M
