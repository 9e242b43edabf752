// Handles, observers, questions, signals, errors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FermataError, RunCancelled, RunFailed } from '../src/index.js';
import { calling, engineFor, gated, moment, seqsOf, upTo, waiting } from './support.js';

const ECHO = { name: 'echo', flow: { START: 'say', say: { agent: { model: 'scripted/echo' }, prompt: '${input}' } } };

test('awaiting a run gives its output', async (t) => {
  const engine = engineFor(t);
  const document = { name: 'sum', output: '${input.a + input.b}', flow: { START: 's', s: { set: { x: 1 } } } };
  assert.equal(await engine.run(document, { a: 1, b: 2 }), 3);
});

test('a registered workflow runs by its name', async (t) => {
  const engine = engineFor(t);
  assert.equal((await engine.register(ECHO)).name, 'echo');
  const run = engine.run('echo', 'hello', { labels: { team: 'blue' } });
  assert.equal((await run).text, 'hello');
  assert.equal(run.status, 'completed');
  assert.deepEqual((await engine.runs({ labels: { team: 'blue' } })).map(({ runId }) => runId), [run.id]);
});

test('text comes whole and in order before the result', async (t) => {
  const engine = engineFor(t);
  const said = [];
  const text = 'Grüße, 世界 🎼 '.repeat(50);
  await engine.run(ECHO, text, { onTextDelta: (delta) => said.push(delta) });
  assert.equal(said.map((delta) => delta.text).join(''), text);
  assert.equal(said[0].offset, 0);
});

test('events are each there once and in order, from wherever one begins', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(ECHO, 'a b c');
  assert.deepEqual(await seqsOf(run.events()), upTo(run.seq));
  assert.deepEqual(await seqsOf(run.events({ afterSeq: 3 })), upTo(run.seq, 4));
});

test('observers hear of status, progress, logs and the end', async (t) => {
  const engine = engineFor(t).handler('work', async (ctx) => {
    await ctx.log('half', 'warning');
    await ctx.progress(1, 2, 'half');
    return 42;
  });
  const heard = [];
  const run = engine.run(calling('work'), null, {
    onStatusChange: (status) => heard.push(status),
    onProgress: ({ current, total, message }) => heard.push([current, total, message]),
    onLog: ({ level, message, step }) => heard.push([level, message, step]),
    onComplete: (output) => heard.push(output),
  });
  assert.equal(await run, 42);
  assert.deepEqual(heard, ['in-progress', ['warning', 'half', 'it'], [1, 2, 'half'], [1, 1, 'it'], 'completed', 42]);
  assert.deepEqual((await run.logs()).map(({ level, message }) => [level, message]), [['warning', 'half']]);
  assert.equal(run.progress.current, 1);
});

test('what an observer returns answers the question', async (t) => {
  const engine = engineFor(t);
  const document = {
    name: 'ask',
    output: "${steps.name.result + ' ' + steps.gate.result.message}",
    flow: {
      START: 'gate',
      gate: { approval: { message: 'Ship?', approvers: ['ops'] }, next: 'name' },
      name: { input: { prompt: 'Name?', schema: { type: 'string' } } },
    },
  };
  const asked = [];
  const output = await engine.run(document, null, {
    onApprovalRequested: async ({ kind, message, path }) => {
      asked.push([kind, message, path]);
      return { approved: true, message: 'fine', approver: 'ops' };
    },
    onInputRequested: () => 'Ada',
  });
  assert.equal(output, 'Ada fine');
  assert.deepEqual(asked, [['approval', 'Ship?', 'gate']]);
});

test('a question may be left open and answered with null', async (t) => {
  const engine = engineFor(t);
  const asked = moment();
  const document = { name: 'ask', flow: { START: 'ask', ask: { input: { prompt: 'Well?' } } } };
  const run = engine.run(document, null, { onInputRequested: () => asked.come() });
  await asked.promise;
  const [question] = await run.questions();
  await run.respond(question, null);
  assert.equal(await run, null);
});

test('a question that is answered elsewhere is withdrawn', async (t) => {
  const engine = engineFor(t);
  const [asked, withdrawn] = [moment(), moment()];
  const run = engine.run(gated(), null, {
    onApprovalRequested: (question, signal) => {
      signal.addEventListener('abort', withdrawn.come);
      asked.come();
      return withdrawn.promise.then(() => false);
    },
  });
  await asked.promise;
  await run.approve({ message: 'as I say', approver: 'me' });
  await run;
  await withdrawn.promise;
  assert.equal((await run.steps()).length, 3);
});

test('a rejection ends the flow there', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(gated(), null, { onApprovalRequested: () => false });
  await run;
  assert.deepEqual((await run.steps()).map(({ path }) => path), ['before', 'gate']);
});

test('what is no decision decides nothing', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(gated(), null, { onApprovalRequested: () => 'no' });
  await assert.rejects(run.result(), TypeError);
  assert.equal((await run.info()).status, 'awaiting');
});

test('an observer that throws ends the waiting and not the run', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(gated(), null, {
    onApprovalRequested: () => {
      throw new TypeError('broken');
    },
  });
  await assert.rejects(run.result(), /broken/);
  const again = engine.attach(run.id, { onApprovalRequested: () => true });
  await again;
  assert.equal(again.status, 'completed');
});

test('a run is paused, resumed and signalled', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(waiting());
  await run.pause();
  assert.equal(run.isPaused, true);
  await run.resume();
  assert.equal(run.isPaused, false);
  await run.signal('go', { to: 'sea' });
  assert.deepEqual(await run, { to: 'sea' });
});

test('a failure is thrown with its kind, and retried on demand', async (t) => {
  const calls = [];
  const engine = engineFor(t).handler('flaky', (ctx) => {
    calls.push(ctx.number);
    if (calls.length === 1) throw new FermataError('disk.full', 'No room.', { data: { free: 0 } });
    return 'done';
  });
  const failures = [];
  const run = engine.run(calling('flaky'), null, { onFailed: ({ kind }) => failures.push(kind) });
  const error = await run.result().catch((error) => error);
  assert.ok(error instanceof RunFailed);
  assert.deepEqual([error.kind, error.step, failures], ['disk.full', 'it', ['disk.full']]);
  await run.retry();
  assert.equal(await run, 'done');
  assert.deepEqual(calls, [1, 2]);
});

test('a cancelled run throws with its reason', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(waiting());
  await run.cancel('not today');
  const error = await run.result().catch((error) => error);
  assert.ok(error instanceof RunCancelled);
  assert.equal(error.reason, 'not today');
});

test('an error has kind, data and retryable', async (t) => {
  const engine = engineFor(t);
  await assert.rejects(engine.run('nobody/knows').result(), { name: 'FermataError', kind: 'workflow.notFound' });
  const run = engine.run(waiting());
  const error = await run.resume().catch((error) => error);
  assert.deepEqual([error.kind, error.retryable], ['run.invalidTransition', false]);
  assert.ok(error.data.allowed.includes('run/pause'));
  await assert.rejects(engine.request('no/such'), { kind: 'rpc.methodNotFound' });
  await assert.rejects(engine.request('run/get'), ({ kind, data }) => kind === 'rpc.invalidParams' && data.pointer === '/runId');
});

test('the same run id is the same run', async (t) => {
  const engine = engineFor(t);
  const first = engine.run(waiting(), null, { runId: 'once' });
  await first.opened();
  const second = engine.run(waiting(), null, { runId: 'once' });
  await second.signal('go', 7);
  assert.deepEqual(await Promise.all([first, second]), [7, 7]);
  await assert.rejects(engine.run(waiting('other'), null, { runId: 'once' }).result(), { kind: 'idempotency.conflict' });
});

test('a run can be created now and started later', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(ECHO, 'x', { start: false });
  await run.opened();
  assert.equal(run.status, 'pending');
  await run.start();
  assert.equal((await run).text, 'x');
});

test('options of a run reach the service', async (t) => {
  const engine = engineFor(t);
  await assert.rejects(engine.run(waiting(), null, { timeout: { ms: 1 } }).result(), { kind: 'run.timedOut' });
});
