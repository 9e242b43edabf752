--- A run in a buffer: a heading, and a block for each attempt of a step, into which its text goes as it comes.
local config = require('fermata.config')
local runs = require('fermata.runs')

local M = {}

local namespace = vim.api.nvim_create_namespace('fermata')
local views = {}

local marks = {
  pending = '·', ['in-progress'] = '▶', awaiting = '?', completed = '✓', failed = '✗', cancelled = '■',
}

function M.mark(status, is_paused) return is_paused and '‖' or marks[status] or '·' end

local function heading(run)
  local progress = run.progress and (' %d/%d'):format(run.progress.current, run.progress.total) or ''
  local paused = run.is_paused and ', paused' or ''
  local mark = M.mark(run.status, run.is_paused)
  return ('%s %s  %s%s%s  %s'):format(mark, run.workflow or '…', run.status, paused, progress, run.id)
end

local function edit(buffer, body)
  vim.bo[buffer].modifiable = true
  body()
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
end

--- Windows whose cursor stands on the last line follow what is added.
local function following(buffer)
  local last = vim.api.nvim_buf_line_count(buffer)
  local function is_at_end(window) return vim.api.nvim_win_get_cursor(window)[1] == last end
  return vim.tbl_filter(is_at_end, vim.fn.win_findbuf(buffer))
end

local function add_lines(view, lines)
  local windows = following(view.buffer)
  edit(view.buffer, function() vim.api.nvim_buf_set_lines(view.buffer, -1, -1, false, lines) end)
  local last = vim.api.nvim_buf_line_count(view.buffer)
  for _, window in ipairs(windows) do vim.api.nvim_win_set_cursor(window, { last, 0 }) end
  return last - #lines
end

local function place(view, row, id)
  return vim.api.nvim_buf_set_extmark(view.buffer, namespace, row, 0, { id = id })
end

local function row_of(view, id) return vim.api.nvim_buf_get_extmark_by_id(view.buffer, namespace, id, {})[1] end

local function begin_block(view, params)
  local attempt = params.attempt > 1 and (', attempt %d'):format(params.attempt) or ''
  local title = ('%s (%s%s)'):format(params.path, params.kind, attempt)
  local row = add_lines(view, { '', '▸ ' .. title }) + 1
  view.blocks[params.path .. '@' .. params.attempt] = { title = title, head = place(view, row), tail = place(view, row) }
end

--- Puts `text` at the end of a block. Blocks of steps that go on side by side move apart by themselves, by their marks.
local function extend_block(view, block, text)
  local windows = following(view.buffer)
  local row = row_of(view, block.tail)
  local pieces = vim.split(text, '\n', { plain = true })
  if not block.has_text then
    table.insert(pieces, 1, '')
    block.has_text = true
  end
  edit(view.buffer, function()
    local column = #vim.api.nvim_buf_get_lines(view.buffer, row, row + 1, false)[1]
    vim.api.nvim_buf_set_text(view.buffer, row, column, row, column, pieces)
  end)
  place(view, row + #pieces - 1, block.tail)
  local last = vim.api.nvim_buf_line_count(view.buffer)
  for _, window in ipairs(windows) do vim.api.nvim_win_set_cursor(window, { last, 0 }) end
end

local function end_block(view, params, sign)
  local block = view.blocks[params.path .. '@' .. params.attempt]
  if not block then return end
  local row = row_of(view, block.head)
  edit(view.buffer, function()
    vim.api.nvim_buf_set_lines(view.buffer, row, row + 1, false, { sign .. ' ' .. block.title })
  end)
  -- Replacing the line has moved the marks on it.
  place(view, row, block.head)
  if not block.has_text then place(view, row, block.tail) end
end

local function note(view, text)
  local lines = vim.split((text:gsub('\n$', '')), '\n', { plain = true })
  for index, line in ipairs(lines) do lines[index] = '  ' .. line end
  add_lines(view, lines)
end

local function shown(value)
  if type(value) == 'string' then return value end
  local text = vim.json.encode(value)
  return #text <= 1000 and text or vim.fn.strcharpart(text, 0, 1000) .. ' …'
end

local draw = {
  ['step/started'] = begin_block,
  ['step/completed'] = function(view, params) end_block(view, params, '✓') end,
  ['step/failed'] = function(view, params)
    end_block(view, params, '✗')
    note(view, ('%s: %s'):format(params.error.kind, params.error.message))
    if params.willRetryAt then note(view, 'It is tried again.') end
  end,
  ['execution/approvalRequested'] = function(view, params)
    note(view, '? ' .. params.message)
    if params.show ~= nil then note(view, shown(params.show)) end
  end,
  ['execution/inputRequested'] = function(view, params) note(view, '? ' .. params.prompt) end,
  ['execution/interactionResolved'] = function(view, params)
    local who = params.approver or params.by
    local answer = params.status == 'answered' and shown(params.value) or params.status
    note(view, '= ' .. answer .. (who and ' by ' .. who or '') .. (params.message and ': ' .. params.message or ''))
  end,
  ['execution/log'] = function(view, params) note(view, ('[%s] %s'):format(params.level, params.message)) end,
  ['run/completed'] = function(view, params)
    if params.output == nil then return end
    add_lines(view, vim.list_extend({ '' }, vim.split('→ ' .. shown(params.output), '\n')))
  end,
  ['run/failed'] = function(view, params)
    add_lines(view, { '', ('✗ %s: %s'):format(params.error.kind, params.error.message) })
  end,
  text = function(view, params)
    local block = view.blocks[params.step.key]
    if block then extend_block(view, block, params.text) end
  end,
}

local function make(run)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, 'fermata://run/' .. run.id)
  vim.bo[buffer].filetype = 'fermata'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].undolevels = -1
  vim.b[buffer].fermata_run = run.id
  local view = { run = run, buffer = buffer, blocks = {} }
  views[run.id] = view
  edit(buffer, function() vim.api.nvim_buf_set_lines(buffer, 0, -1, false, { heading(run) }) end)
  require('fermata.keys').attach(buffer, function() return run end)
  return view
end

local function update(run, what, params)
  local view = views[run.id] or make(run)
  if not vim.api.nvim_buf_is_valid(view.buffer) then return end
  if draw[what] then draw[what](view, params) end
  local line = heading(run)
  if what ~= 'text' and line ~= view.heading then
    view.heading = line
    edit(view.buffer, function() vim.api.nvim_buf_set_lines(view.buffer, 0, 1, false, { line }) end)
  end
end

--- The run's buffer; one that was wiped out is told again from the journal.
function M.buffer(run)
  local view = views[run.id]
  if view and vim.api.nvim_buf_is_valid(view.buffer) then return view.buffer end
  if view then
    run.seq, run.texts = 0, {}
    runs.subscribe(run.id)
  end
  return make(run).buffer
end

--- The window of this tab page that shows some run: the next one is shown there too.
local function window()
  for _, candidate in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.bo[vim.api.nvim_win_get_buf(candidate)].filetype == 'fermata' then return candidate end
  end
end

--- Shows the run in a window, and leaves the cursor where it is unless `enter` says otherwise.
function M.show(run, enter)
  if not (enter or config.current.split) then return end
  local buffer = M.buffer(run)
  local here = vim.api.nvim_get_current_win()
  local shown_in = vim.fn.bufwinid(buffer)
  if shown_in == -1 then
    local free = window()
    if free then
      vim.api.nvim_set_current_win(free)
    elseif not pcall(vim.cmd, config.current.split or 'botright split') then
      return config.say('There is no room for a window: :buffer ' .. vim.api.nvim_buf_get_name(buffer))
    end
    vim.api.nvim_win_set_buf(0, buffer)
    vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(buffer), 0 })
    shown_in = vim.api.nvim_get_current_win()
  end
  vim.api.nvim_set_current_win(enter and shown_in or here)
end

--- Draws whatever runs are told from now on.
function M.attach() table.insert(runs.watchers, update) end

return M
