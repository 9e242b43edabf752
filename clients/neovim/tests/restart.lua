-- One life of an editor, told by LIFE: the first leaves a run that asks, the second finds it and answers. Both edit in one project.
local fermata = require('fermata')
local runs = require('fermata.runs')

local asked = 0
vim.ui.select = function(_, _, callback)
  asked = asked + 1
  vim.schedule(function() callback(vim.env.LIFE == 'second' and 'Approve' or 'Later') end)
end

fermata.setup({ cmd = { vim.env.FERMATA }, store = vim.env.HOME .. '/restart.db', user = 'ann' })

local function wait_until(holds) return vim.wait(30000, holds, 5) end

local function first()
  local document = { name = 'long', flow = { START = 'say', say = { agent = { model = 'scripted/echo' }, prompt = 'Still here', next = 'ask' },
    ask = { approval = { message = 'Go on?' }, next = 'END' } } }
  fermata.run(document, { runId = 'left-behind' })
  return wait_until(function() return asked == 1 end)
end

local function second()
  assert(wait_until(function() return runs.all['left-behind'] and runs.all['left-behind']:is_over() end), 'the run was not found')
  local run = runs.all['left-behind']
  local buffer = require('fermata.view').buffer(run)
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
  return run.status == 'completed' and asked == 1 and text:find('Still here') and text:find('= approved by ann')
end

vim.api.nvim_create_autocmd('VimEnter', {
  callback = function()
    vim.schedule(function()
      local ran, holds = pcall(vim.env.LIFE == 'second' and second or first)
      if not (ran and holds) then io.stdout:write(('# %s life: %s\n'):format(vim.env.LIFE, tostring(holds))) end
      -- The first life ends as by kill -9 when it is told to: without a word to the service.
      if vim.env.END == 'kill' then vim.loop.kill(vim.fn.getpid(), 'sigkill') end
      vim.cmd(ran and holds and 'qall!' or 'cquit 1')
    end)
  end,
})
