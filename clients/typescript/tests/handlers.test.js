// Handlers that this program hosts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FermataError } from '../src/index.js';
import { calling, engineFor, moment, until } from './support.js';

test('a handler is told which attempt it is', async (t) => {
  const attempts = [];
  const engine = engineFor(t).handler('git/clone', (ctx, input) => {
    attempts.push(ctx);
    if (ctx.number < 3) throw new Error('The line is down');
    return input;
  });
  const document = calling('git/clone', { retry: { attempts: 3, delayMs: 1 }, timeoutMs: 60_000 });
  assert.deepEqual(await engine.run(document, { repo: 'here' }), { repo: 'here' });
  assert.deepEqual(attempts.map(({ number }) => number), [1, 2, 3]);
  assert.equal(new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size, 1);
  const [{ path, step, handler, deadlineAt }] = attempts;
  assert.deepEqual([path, step, handler, typeof deadlineAt], ['it', 'it', 'git/clone', 'string']);
});

test('an error that no retry can help ends the attempts', async (t) => {
  const attempts = [];
  const engine = engineFor(t).handler('work', (ctx) => {
    attempts.push(ctx.number);
    throw new FermataError('input.bad', 'Never.');
  });
  const run = engine.run(calling('work', { retry: { attempts: 5, delayMs: 1 } }));
  await assert.rejects(run.result(), { kind: 'input.bad' });
  assert.deepEqual(attempts, [1]);
});

test('an unforeseen error fails the step with its text', async (t) => {
  const engine = engineFor(t).handler('work', () => {
    throw new TypeError('missing');
  });
  await assert.rejects(engine.run(calling('work')).result(), { kind: 'handler.failed', message: 'TypeError: missing' });
});

test('an output that is no JSON fails the step', async (t) => {
  const engine = engineFor(t).handler('work', () => 1n);
  await assert.rejects(engine.run(calling('work')).result(), /BigInt/);
});

test('a cancelled run aborts the signal of its handler', async (t) => {
  const [begun, ended] = [moment(), moment()];
  const engine = engineFor(t).handler('work', async (ctx) => {
    begun.come();
    await until(ctx.signal).catch(ended.come);
  });
  const run = engine.run(calling('work'));
  await begun.promise;
  await run.cancel();
  assert.equal((await ended.promise).kind, 'step.cancelled');
});

test('one handler may take whatever is called', async (t) => {
  const engine = engineFor(t).handler('*', (ctx) => ctx.handler);
  assert.equal(await engine.run(calling('some/thing')), 'some/thing');
});

test('no more handlers run at once than was said', async (t) => {
  const two = moment();
  let [running, most] = [0, 0];
  const engine = engineFor(t, { maxConcurrent: 2 }).handler('work', async () => {
    most = Math.max(most, ++running);
    if (running === 2) two.come();
    await two.promise;
    running -= 1;
  });
  const document = { name: 'many', flow: { START: 'all', all: { forEach: { in: '${input}', do: { call: 'work' } } } } };
  await engine.run(document, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(most, 2);
});

test('nothing is declared after the start', async (t) => {
  const engine = engineFor(t);
  await engine.start();
  assert.throws(() => engine.handler('late', () => {}), { kind: 'engine.started' });
});
