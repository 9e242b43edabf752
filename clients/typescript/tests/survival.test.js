// What a client must survive: a dead service, a slow reader, a wait that is given up, much at once, much in one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { EngineLost, EventStream, RunCancelled } from '../src/index.js';
import { calling, engineFor, folder, gated, kill, moment, seqsOf, until, upTo, waiting } from './support.js';

test('a run goes on when the service is killed in a handler', async (t) => {
  const restarts = [];
  const begun = moment();
  const attempts = [];
  const cutOff = [];
  const engine = engineFor(t, { onRestart: ({ kind }) => restarts.push(kind) }).handler('work', async (ctx) => {
    attempts.push(ctx);
    if (ctx.number > 1) return { attempt: ctx.number };
    begun.come();
    await until(ctx.signal).catch(() => cutOff.push(ctx.number));
  });
  const run = engine.run(calling('work'));
  const events = run.events();
  await begun.promise;
  kill(engine);
  assert.deepEqual(await run, { attempt: 2 });
  assert.deepEqual(attempts.map(({ number }) => number), [1, 2]);
  assert.equal(new Set(attempts.map(({ idempotencyKey }) => idempotencyKey)).size, 1);
  assert.deepEqual([cutOff, restarts], [[1], ['engine.lost']]);
  assert.deepEqual(await seqsOf(events), upTo(run.seq));
});

test('a handle works on after a kill at a gate', async (t) => {
  const engine = engineFor(t);
  const asked = moment();
  const run = engine.run(gated(), null, { onApprovalRequested: () => asked.come() });
  await asked.promise;
  kill(engine);
  const approve = () => run.approve({ approver: 'me' }).catch((error) => {
    if (!(error instanceof EngineLost)) throw error;
    return approve();
  });
  await approve();
  await run;
  assert.equal(run.status, 'completed');
});

test('an answer is given once though the service dies meanwhile', async (t) => {
  const engine = engineFor(t);
  let asked = 0;
  const run = engine.run(gated(), null, {
    onApprovalRequested: () => {
      asked += 1;
      kill(engine);
      return true;
    },
  });
  await run;
  assert.deepEqual([asked, run.status], [1, 'completed']);
});

test('a run is created once though the service dies meanwhile', async (t) => {
  const engine = engineFor(t);
  await engine.start();
  const runs = [1, 2, 3, 4, 5].map(() => engine.run(waiting()));
  kill(engine);
  await Promise.all(runs.map((run) => run.opened()));
  assert.deepEqual(new Set((await engine.runs()).map(({ runId }) => runId)), new Set(runs.map(({ id }) => id)));
  await Promise.all(runs.map((run) => run.signal('go', run.id)));
  assert.deepEqual(await Promise.all(runs), runs.map(({ id }) => id));
});

test('what is not safe to ask twice says that the service died', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(waiting());
  await run.opened();
  const asking = engine.request('run/result', { runId: run.id });
  const refused = assert.rejects(asking, ({ kind, retryable }) => kind === 'engine.lost' && retryable);
  await engine.request('health/check');
  kill(engine);
  await refused;
  await run.cancel();
  await assert.rejects(run.result(), RunCancelled);
});

test('without restart the waiting ends and the run is safe', async (t) => {
  const cwd = folder(t);
  const engine = engineFor(t, { cwd, restart: false });
  const run = engine.run(waiting(), null, { runId: 'kept' });
  await run.opened();
  kill(engine);
  await assert.rejects(run.result(), EngineLost);
  await assert.rejects(engine.request('health/check'), EngineLost);
  const again = engineFor(t, { cwd }).attach('kept');
  await again.signal('go', 'on');
  assert.equal(await again, 'on');
});

test('a service that always dies is given up', async (t) => {
  const cwd = folder(t);
  const executable = join(cwd, 'mortal');
  const source = `#!${process.execPath}
    process.stdin.once('data', (data) => {
      const { id } = JSON.parse(data.toString().split('\\n')[0]);
      process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: { capabilities: {} } }) + '\\n', () => process.exit(3));
    });`;
  writeFileSync(executable, source, { mode: 0o755 });
  const engine = engineFor(t, { cwd, executable });
  await assert.rejects(engine.run(waiting()).result(), EngineLost);
});

test('a service that dies at once is not started again', async (t) => {
  const engine = engineFor(t, { executable: '/bin/true' });
  await assert.rejects(engine.start(), EngineLost);
  await assert.rejects(engine.request('health/check'), EngineLost);
});

test('a line that is no message is passed over', async (t) => {
  const cwd = folder(t);
  const executable = join(cwd, 'noisy');
  writeFileSync(executable, '#!/bin/sh\necho "Welcome!"\nexec "$FERMATA" "$@"\n', { mode: 0o755 });
  const warned = once(process, 'warning');
  const engine = engineFor(t, { cwd, executable });
  assert.equal((await engine.request('health/check')).status, 'ok');
  assert.match((await warned)[0].message, /Welcome/);
});

test('no executable is told at the start', async (t) => {
  const engine = engineFor(t, { executable: '/no/such/fermata' });
  await assert.rejects(engine.start(), { kind: 'engine.notFound' });
  await assert.rejects(engine.run(waiting()).result(), { kind: 'engine.notFound' });
});

test('a closed engine leaves its runs and ends their waiting', async (t) => {
  const cwd = folder(t);
  const engine = engineFor(t, { cwd });
  const run = engine.run(waiting(), null, { runId: 'left' });
  await run.opened();
  const ended = assert.rejects(run.result(), { kind: 'engine.closed' });
  await engine.close();
  await ended;
  const again = engineFor(t, { cwd }).run(waiting(), null, { runId: 'left' });
  await again.signal('go', 1);
  assert.equal(await again, 1);
});

test('what is under way ends with the engine', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(waiting());
  const ended = assert.rejects(run.result(), { kind: 'engine.closed' });
  await engine.close();
  await ended;
  await assert.rejects(engine.request('health/check'), { kind: 'engine.closed' });
});

test('the service ends with a client that is killed', { timeout: 60_000 }, async (t) => {
  const program = `
    import { Engine } from '${new URL('../src/index.js', import.meta.url)}';
    const engine = new Engine({ store: 'orphan.db' });
    await engine.start();
    console.log('ready');`;
  const client = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder(t),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(createInterface(client.stdout), 'line');
  client.stderr.resume();
  client.kill('SIGKILL');
  await once(client.stderr, 'close'); // The service has its standard error from the client: it ends when both have.
});

test('a slow reader costs a bounded buffer and misses nothing', async (t) => {
  const lines = 3 * EventStream.MAX_EVENTS;
  const engine = engineFor(t).handler('talk', async (ctx) => {
    for (let number = 0; number < lines; number++) await ctx.log(`${number}`);
  });
  const run = engine.run(calling('talk'));
  const slow = run.events();
  await run;
  await engine.run({ name: 'n', flow: { START: 's', s: { set: {} } } });
  assert.ok(slow.size <= EventStream.MAX_EVENTS);
  const [seqs, logged] = [[], []];
  for await (const { type, seq, data } of slow) {
    if (type !== 'run/progress') seqs.push(seq);
    if (type === 'execution/log') logged.push(data.message);
  }
  assert.deepEqual(seqs, upTo(run.seq));
  assert.deepEqual(logged, upTo(lines - 1, 0).map(String));
});

test('text that nobody takes is joined and kept', async (t) => {
  const engine = engineFor(t).handler('talk', async (ctx) => {
    for (let number = 0; number < 5000; number++) await ctx.textDelta(`${number} `);
  });
  const run = engine.run(calling('talk'));
  const slow = run.events();
  await run;
  assert.ok(slow.size <= 20);
  let text = '';
  for await (const { type, data } of slow) if (type === 'execution/textDelta') text += data.text;
  assert.equal(text, upTo(4999, 0).map((number) => `${number} `).join(''));
});

test('a service that does not read holds back who writes', async (t) => {
  let wasHeld = false;
  const engine = engineFor(t).handler('talk', async (ctx) => {
    process.kill(engine.pid, 'SIGSTOP');
    let written = 0;
    const writes = upTo(50).map(() => ctx.log('x'.repeat(65536)).then(() => written++));
    await new Promise(setImmediate);
    wasHeld = written < 50;
    process.kill(engine.pid, 'SIGCONT');
    await Promise.all(writes);
  });
  const run = engine.run(calling('talk'));
  await run;
  assert.deepEqual([wasHeld, (await run.logs()).length], [true, 50]);
});

test('two runs go on at once', async (t) => {
  const there = { a: moment(), b: moment() };
  const engine = engineFor(t).handler('meet', async (ctx, input) => {
    there[input].come();
    await Promise.all([there.a.promise, there.b.promise]);
    return input;
  });
  assert.deepEqual(await Promise.all([engine.run(calling('meet'), 'a'), engine.run(calling('meet'), 'b')]), ['a', 'b']);
});

test('ten megabytes go there and back', async (t) => {
  const engine = engineFor(t).handler('echo', (ctx, { text }) => ({ size: text.length, text }));
  const text = 'é♫🎼 '.repeat(1_000_000);
  const output = await engine.run(calling('echo'), { text });
  assert.equal(output.size, text.length);
  assert.ok(output.text === text);
});

test('unicode is kept in names and values', async (t) => {
  const value = '\u0000\u2028 👩‍🚀 \\ " \n';
  const engine = engineFor(t).handler('größe/测量', (ctx, input) => ({ ...input, ключ: value }));
  assert.deepEqual(await engine.run(calling('größe/测量'), { '☃': '🎼' }), { '☃': '🎼', ключ: value });
});

test('aborting the waiting leaves the run', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(waiting());
  await run.opened();
  const waits = new AbortController();
  const ended = assert.rejects(run.result({ signal: waits.signal }), { name: 'AbortError' });
  waits.abort();
  await ended;
  await run.signal('go', 'on');
  assert.equal(await run, 'on');
});

test("aborting the run's own signal cancels it", async (t) => {
  const engine = engineFor(t);
  const own = new AbortController();
  const run = engine.run(waiting(), null, { signal: own.signal });
  own.abort(new Error('enough'));
  const error = await run.result().catch((error) => error);
  assert.ok(error instanceof RunCancelled);
  assert.equal(error.reason, 'enough');
});

test('a request that nobody waits for is taken back', async (t) => {
  const engine = engineFor(t);
  const run = engine.run(waiting());
  await run.opened();
  const waits = new AbortController();
  const ended = assert.rejects(engine.request('run/result', { runId: run.id }, { signal: waits.signal }));
  await engine.request('health/check');
  waits.abort();
  await ended;
  assert.equal((await engine.request('health/check')).status, 'ok');
});
