// Durable programs: what is recorded is not done again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineLost, FermataError } from '../src/index.js';
import { engineFor, folder, kill, moment, until } from './support.js';

test('a program leaves what it returns', async (t) => {
  const engine = engineFor(t).workflow('program', async (ctx, input) => {
    const doubled = await ctx.step('double', () => input * 2);
    return ctx.step('add', async () => doubled + 1);
  });
  assert.equal(await engine.run('program', 20), 41);
});

test('what is recorded is not done again after a kill', async (t) => {
  const done = [];
  const asked = moment();
  const engine = engineFor(t).workflow('release', async (ctx) => {
    await ctx.step('build', () => void done.push('build'));
    const { status, approved, approver } = await ctx.approval('Ship it?');
    await ctx.step('ship', () => void done.push('ship'));
    return [status, approved, approver];
  });
  const run = engine.run('release', null, { onApprovalRequested: () => asked.come() });
  await asked.promise;
  kill(engine);
  const approve = () => run.approve({ approver: 'ops' }).catch((error) => {
    if (!(error instanceof EngineLost)) throw error;
    return approve();
  });
  await approve();
  assert.deepEqual(await run, ['approved', true, 'ops']);
  assert.deepEqual(done, ['build', 'ship']);
});

test('a service that is told to stop fails no program', async (t) => {
  let executions = 0;
  const restarted = moment();
  const engine = engineFor(t, { onRestart: restarted.come }).workflow('hold', (ctx) => {
    executions += 1;
    return ctx.waitForSignal('go');
  });
  const run = engine.run('hold');
  for await (const { type, data } of run.events()) if (type === 'step/started' && data.path === 'go') break;
  process.kill(engine.pid, 'SIGTERM');
  await restarted.promise;
  await run.signal('go', 1);
  assert.deepEqual([await run, executions], [1, 2]);
});

test('another process goes on where the first one stopped', async (t) => {
  const cwd = folder(t);
  const done = [];
  const engine = () => engineFor(t, { cwd }).workflow('count', async (ctx) => {
    for (const number of [0, 1, 2]) {
      await ctx.step('count', () => void done.push(number));
      if (number === 1) await ctx.waitForSignal('go');
    }
    return done.length;
  });
  const first = engine();
  for await (const { type, data } of first.run('count', null, { runId: 'counted' }).events()) {
    if (type === 'step/started' && data.path === 'go') break;
  }
  await first.close();
  const again = engine().run('count', null, { runId: 'counted' });
  await again.signal('go');
  assert.equal(await again, 3);
  assert.deepEqual(done, [0, 1, 2]);
  assert.deepEqual((await again.steps()).map(({ path }) => path).slice(-4), ['count', 'count#2', 'go', 'count#3']);
});

test('the service performs every kind of step', async (t) => {
  const engine = engineFor(t, { allowCommands: true })
    .handler('work', (ctx, input) => ({ seen: input }))
    .workflow('program', async (ctx) => {
      const called = await ctx.call('work', { text: '${1 + 1}' });
      const said = await ctx.agent('scripted/echo', 'Say ${this}');
      const ran = await ctx.command(['printf', '%s', 'a ${b}']);
      const name = await ctx.input('Name?', { schema: { type: 'string' } });
      await ctx.sleep(1);
      const payload = await ctx.waitForSignal('go');
      const both = await ctx.perform('both', {
        parallel: { a: { call: 'work', with: '${run.id}' }, b: { call: 'work', with: 2 } },
      });
      return [called, said.text, ran.stdout, name, payload, both.a.seen === ctx.runId, both.b];
    });
  const run = engine.run('program', null, { onInputRequested: () => 'Ada' });
  await run.signal('go', 7);
  assert.deepEqual(await run, [{ seen: { text: '${1 + 1}' } }, 'Say ${this}', 'a ${b}', 'Ada', 7, true, { seen: 2 }]);
});

test('a program has children', async (t) => {
  const engine = engineFor(t)
    .workflow('parent', (ctx) => Promise.all([0, 1, 2].map((number) => ctx.child('child', number))))
    .workflow('child', (ctx, input) => ctx.step('square', () => input * input));
  const run = engine.run('parent');
  assert.deepEqual(await run, [0, 1, 4]);
  assert.equal((await engine.runs({ parent: run.id })).length, 3);
});

test('steps go on at once', async (t) => {
  const there = [moment(), moment()];
  const engine = engineFor(t).workflow('program', (ctx) =>
    Promise.all(
      there.map(({ come }, number) =>
        ctx.step('meet', async () => {
          come();
          await there[1 - number].promise;
          return number;
        }),
      ),
    ),
  );
  assert.deepEqual(await engine.run('program'), [0, 1]);
});

test('a step is tried again as it says, under one key', async (t) => {
  const attempts = [];
  const engine = engineFor(t).workflow('program', (ctx) =>
    ctx.step(
      'fetch',
      async (attempt) => {
        attempts.push(attempt);
        if (attempt.number < 3) throw new Error('The line is down');
        return 'fetched';
      },
      { retry: { attempts: 3, delayMs: 1 } },
    ),
  );
  assert.equal(await engine.run('program'), 'fetched');
  assert.deepEqual(attempts.map(({ number }) => number), [1, 2, 3]);
  assert.equal(new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size, 1);
});

test('a step that failed throws its kind, and can be caught', async (t) => {
  const engine = engineFor(t).workflow('program', async (ctx) => {
    const fail = () => {
      throw new FermataError('disk.full', 'No room.');
    };
    return ctx.step('store', fail).catch(({ kind, message }) => [kind, message]);
  });
  assert.deepEqual(await engine.run('program'), ['disk.full', 'No room.']);
});

test('a failed call throws the kind of its handler', async (t) => {
  const engine = engineFor(t)
    .handler('work', () => {
      throw new FermataError('disk.full', 'No room.');
    })
    .workflow('program', (ctx) => ctx.call('work'));
  await assert.rejects(engine.run('program').result(), { name: 'RunFailed', kind: 'disk.full' });
});

test('a step times out', async (t) => {
  const cutOff = moment();
  const engine = engineFor(t).workflow('program', (ctx) =>
    ctx.step('hang', ({ signal }) => until(signal).catch(cutOff.come), { timeoutMs: 1 }),
  );
  await assert.rejects(engine.run('program').result(), { kind: 'step.timedOut' });
  assert.equal((await cutOff.promise).kind, 'step.timedOut');
});

test('a step speaks while it runs', async (t) => {
  const said = [];
  const engine = engineFor(t).workflow('program', (ctx) =>
    ctx.step('talk', async (attempt) => {
      await attempt.textDelta('Hello');
      await attempt.log('said');
    }),
  );
  await engine.run('program', null, { onTextDelta: ({ path, text }) => said.push([path, text]) });
  assert.deepEqual(said, [['talk', 'Hello']]);
});

test('a changed program is told so', async (t) => {
  const cwd = folder(t);
  const first = engineFor(t, { cwd }).workflow('shape', async (ctx) => {
    await ctx.step('a', () => 1);
    await ctx.waitForSignal('go');
  });
  for await (const { type, data } of first.run('shape', null, { runId: 'shaped' }).events()) {
    if (type === 'step/started' && data.path === 'go') break;
  }
  await first.close();
  const refused = moment();
  const second = engineFor(t, { cwd }).workflow('shape', (ctx) => ctx.step('b', () => 1).catch(refused.come));
  await second.start();
  assert.equal((await refused.promise).kind, 'workflow.changed');
});

test('a cancelled run ends the waiting of its program', async (t) => {
  const [begun, ended] = [moment(), moment()];
  const engine = engineFor(t).workflow('program', async (ctx) => {
    begun.come();
    await ctx.waitForSignal('never').catch(ended.come);
  });
  const run = engine.run('program');
  await begun.promise;
  await run.cancel();
  assert.ok(await ended.promise);
});
