// What the tests share. They find the executable by the environment variable FERMATA.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../src/index.js';

/** @typedef {import('node:test').TestContext} TestContext */

/** @param {TestContext} t */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), 'fermata-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/**
 * An engine with a store of its own, that ends with the test. A second one on the same folder is given it.
 *
 * @param {TestContext} t
 */
export function engineFor(t, options = {}) {
  const cwd = options.cwd ?? folder(t);
  const engine = new Engine({ store: join(cwd, 'runs.db'), cwd, ...options });
  t.after(() => engine.close());
  return engine;
}

export const gated = (before = { set: {} }, after = { set: {} }) => ({
  name: 'gated',
  flow: {
    START: 'before',
    before: { ...before, next: 'gate' },
    gate: { approval: { message: 'Go on?' }, next: 'after' },
    after: { ...after, next: 'END' },
  },
});

export const calling = (handler, members = {}) => ({
  name: 'calling',
  flow: { START: 'it', it: { call: handler, with: '${input}', ...members } },
});

export const waiting = (signal = 'go') => ({
  name: 'waiting',
  output: '${result.payload}',
  flow: { START: 'hold', hold: { wait: { signal } } },
});

export const kill = (engine) => process.kill(engine.pid, 'SIGKILL');

/** A moment that somebody else brings about. */
export function moment() {
  let come;
  const promise = new Promise((resolve) => (come = resolve));
  return { promise, come };
}

/** Never, until the signal is aborted. */
export const until = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

export async function seqsOf(events) {
  const seqs = [];
  for await (const { seq, type } of events) if (seq !== undefined && type !== 'run/progress') seqs.push(seq);
  return seqs;
}

export const upTo = (last, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
