// The recorded sessions of the protocol, with `fermata conformance --stand-in` in the place of the service.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Connection } from '../src/connection.js';

const FIXTURES = fileURLToPath(new URL('../../../protocol/fixtures', import.meta.url));

/** The client's part of one session, line by line. */
class Session {
  /** @type {{id?: any, method: string, params: any}[]} What the service said and nobody looked at yet. */
  told = [];
  /** @type {() => void} */
  wake = () => {};
  /** @type {Map<any, {answer: Promise<any>, abort: AbortController}>} */
  asked = new Map();
  /** @type {Map<string, any>} The service's ids, by what the file calls them. */
  names = new Map();

  /** @param {string} path */
  async play(path) {
    const take = (message) => (this.told.push(message), this.wake());
    const argv = [process.env.FERMATA ?? 'fermata', 'conformance', '--stand-in', path];
    this.connection = await Connection.open(argv, {}, {
      onRequest: (_, id, method, params) => take({ id, method, params }),
      onNotification: (method, params) => take({ method, params }),
      onLost: () => {},
    });
    for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
      const { client, service } = JSON.parse(line);
      if (client) this.say(this.filled(client));
      else await this.hear(service);
    }
    return this.connection.close(60_000);
  }

  /** @param {any} message */
  say({ id, method, params, ...outcome }) {
    const taken = method === '$/cancelRequest' && this.asked.get(params.id);
    if (taken) return taken.abort.abort(); // Who stops waiting takes the request back.
    if (method === undefined) return this.connection.answer(id, outcome);
    if (id === undefined) return this.connection.notify(method, params);
    const abort = new AbortController();
    const answer = this.connection.request(method, params, abort.signal);
    answer.catch(() => {});
    this.asked.set(id, { answer, abort });
  }

  /** @param {any} message */
  async hear({ id, method, params = {}, result, error }) {
    if (method !== undefined) {
      while (this.told.length === 0) await new Promise((resolve) => (this.wake = () => resolve(undefined)));
      const said = this.told.shift();
      assert.equal(said.method, method);
      assert.ok(this.fits(id, said.id) && this.fits(params, said.params), JSON.stringify({ params, said }));
      return;
    }
    const { answer, abort } = this.asked.get(id);
    if (abort.signal.aborted) return;
    if (error === undefined) {
      const value = await answer;
      assert.ok(this.fits(result, value), JSON.stringify({ result, value }));
    } else {
      await assert.rejects(answer, (failure) => {
        assert.equal(failure.code, error.code);
        assert.equal(failure.kind, error.data?.kind ?? failure.kind);
        return true;
      });
    }
  }

  /**
   * Whether a value is what the file says, where it says it.
   *
   * @param {any} pattern
   * @param {any} value
   */
  fits(pattern, value) {
    if (pattern === null || typeof pattern !== 'object') return pattern === value;
    if (Array.isArray(pattern)) return pattern.length === value.length && pattern.every((part, at) => this.fits(part, value[at]));
    if ('$id' in pattern) {
      if (!this.names.has(pattern.$id)) this.names.set(pattern.$id, value);
      return this.names.get(pattern.$id) === value;
    }
    const keys = Object.keys(pattern);
    if (keys.length === 1 && keys[0].startsWith('$')) return true;
    return keys.every((key) => key in value && this.fits(pattern[key], value[key]));
  }

  /**
   * A message with the ids that the file has names for.
   *
   * @param {any} pattern
   * @returns {any}
   */
  filled(pattern) {
    if (pattern === null || typeof pattern !== 'object') return pattern;
    if (Array.isArray(pattern)) return pattern.map((part) => this.filled(part));
    if ('$id' in pattern) return this.names.get(pattern.$id);
    return Object.fromEntries(Object.entries(pattern).map(([key, part]) => [key, this.filled(part)]));
  }
}

test('Every recorded session is kept to', async (t) => {
  const names = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.jsonl')).map((name) => join(FIXTURES, name));
  assert.ok(paths.length > 100);
  for (const path of paths) {
    await t.test(relative(FIXTURES, path), async () => assert.equal(await new Session().play(path), 0));
  }
});
