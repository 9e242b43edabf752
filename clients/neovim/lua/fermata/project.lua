--- The workflows of a project, and what they want to know of a buffer.
local M = {}

--- The project's workflows by name: `.fermata/*.json` and `*.workflow.json` beside it. A file's document may say
--- another name.
function M.workflows(root)
  root = root or vim.fn.getcwd()
  local found = {}
  for _, pattern in ipairs({ '.fermata/*.json', '*.workflow.json' }) do
    for _, path in ipairs(vim.fn.globpath(root, pattern, false, true)) do
      local name = vim.fn.fnamemodify(path, ':t'):gsub('%.json$', ''):gsub('%.workflow$', '')
      found[name] = path
    end
  end
  return found
end

--- The document in the file `path`; an error says what is wrong with it.
function M.read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  -- Nulls stay, and empty objects stay objects: the document is given on as it is.
  local ok, document = pcall(vim.json.decode, text)
  if not ok then error(('%s is no JSON: %s'):format(path, document), 0) end
  return document
end

--- What a workflow can know of a buffer, or of the lines from `first` to `last` of it.
function M.context(buffer, first, last)
  local name = vim.api.nvim_buf_get_name(buffer)
  local lines = vim.api.nvim_buf_get_lines(buffer, (first or 1) - 1, last or -1, false)
  return {
    file = vim.fn.fnamemodify(name, ':.'),
    filetype = vim.bo[buffer].filetype,
    text = #lines == 0 and '' or table.concat(lines, '\n') .. '\n',
    firstLine = first or 1,
    lastLine = last or vim.api.nvim_buf_line_count(buffer),
  }
end

--- The input for `document`: what was given, and from `context` the members that its schema names.
function M.input(document, given, context)
  local schema = type(document.input) == 'table' and document.input or {}
  if schema.type == 'string' and given == nil then return context.text end
  if type(schema.properties) ~= 'table' or (given ~= nil and type(given) ~= 'table') then return given end
  local input = vim.empty_dict()
  for member in pairs(schema.properties) do input[member] = context[member] end
  for member, value in pairs(given or {}) do input[member] = value end
  return input
end

--- Members that the schema requires and the input has not.
function M.missing(document, input)
  local schema = type(document.input) == 'table' and document.input or {}
  if type(schema.required) ~= 'table' or (input ~= nil and type(input) ~= 'table') then return {} end
  return vim.tbl_filter(function(member) return (input or {})[member] == nil end, schema.required)
end

return M
