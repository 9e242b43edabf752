--- The list of runs, newest first, kept as it is by what is told.
local config = require('fermata.config')
local keys = require('fermata.keys')
local runs = require('fermata.runs')
local session = require('fermata.session')
local view = require('fermata.view')

local M = {}

local name = 'fermata://runs'
local ids = {}
local is_due = false

local function buffer()
  local found = vim.fn.bufnr('^' .. name .. '$')
  return found ~= -1 and found or nil
end

local function line_of(found)
  local progress = ('%d/%d'):format(found.progress.current, found.progress.total)
  local started = found.createdAt:sub(1, 16):gsub('T', ' ')
  local mark = view.mark(found.status, found.isPaused)
  return ('%s %-11s %5s  %s  %-24s %s'):format(mark, found.status, progress, started, found.workflow.name, found.runId)
end

local function fill(into, list)
  local lines = { '  <CR> open  a answer  p pause  r resume  c cancel  t retry  d diagram  q close' }
  ids = {}
  for _, found in ipairs(list) do
    table.insert(lines, line_of(found))
    ids[#lines] = found.runId
  end
  if #list == 0 then table.insert(lines, 'No runs yet. :FermataRun starts one.') end
  vim.bo[into].modifiable = true
  vim.api.nvim_buf_set_lines(into, 0, -1, false, lines)
  vim.bo[into].modifiable = false
end

--- Asks for the list again, and calls `callback` when it is there.
function M.refresh(callback)
  session.request('run/list', { limit = 200 }, function(problem, answer)
    local into = buffer()
    if problem then return config.say(problem.message, vim.log.levels.ERROR) end
    if into then fill(into, answer.runs) end
    if callback then callback(answer.runs) end
  end)
end

--- The run on the cursor's line.
function M.current()
  local id = ids[vim.api.nvim_win_get_cursor(0)[1]]
  if not id then return nil end
  return runs.all[id] or runs.subscribe(id)
end

--- Shows the list in a window.
function M.open(callback)
  local into = buffer()
  if not into then
    into = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(into, name)
    vim.bo[into].filetype = 'fermata-runs'
    vim.bo[into].swapfile = false
    keys.attach(into, M.current)
  end
  if vim.fn.bufwinid(into) == -1 then
    vim.cmd(config.current.split or 'botright 15split')
    vim.api.nvim_win_set_buf(0, into)
    vim.wo.wrap = false
  end
  vim.api.nvim_set_current_win(vim.fn.bufwinid(into))
  M.refresh(callback)
end

--- Asks for the list again when a run's standing changed, once for all that came together.
function M.attach()
  table.insert(runs.watchers, function(_, what)
    if is_due or what == 'text' or not vim.startswith(what, 'run/') then return end
    local into = buffer()
    if not into or vim.fn.bufwinid(into) == -1 then return end
    is_due = true
    vim.schedule(function()
      is_due = false
      M.refresh()
    end)
  end)
end

return M
