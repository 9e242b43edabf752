// One life of the executable: JSON-RPC over its standard streams, a message a line.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve as absolute } from 'node:path';
import { EngineLost, FermataError, errorFromWire } from './errors.js';

/** @typedef {import('node:stream').Readable} Readable */
/** @typedef {import('node:stream').Writable} Writable */
/** @typedef {import('node:child_process').ChildProcessByStdio<Writable, Readable, null>} Child */

/**
 * @typedef {object} Listener
 * @property {(connection: Connection, id: number, method: string, params: any) => void} onRequest
 * @property {(method: string, params: any, size: number) => void} onNotification
 * @property {(connection: Connection) => void} onLost
 */

/**
 * Sends requests and notifications, matches answers, and hands on what the service sends. It always reads: an answer never
 * waits behind an event that nobody has taken.
 */
export class Connection {
  #child;
  #listener;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: unknown) => void}>} */
  #pending = new Map();
  #lastId = 0;
  /** @type {Buffer[]} */
  #parts = [];
  #isLost = false;
  /**
   * Those who wait until the service reads again.
   *
   * @type {(() => void)[]}
   */
  #waiting = [];
  /** @type {Promise<number | null>} */
  #exited;

  /**
   * @param {Child} child
   * @param {Listener} listener
   */
  constructor(child, listener) {
    this.#child = child;
    this.#listener = listener;
    this.#exited = new Promise((resolve) => child.once('exit', resolve));
    /** The end of what it says. */
    this.gone = new Promise((resolve) => child.stdout.once('close', resolve));
    child.stdout.on('data', (data) => this.#take(data));
    child.stdout.once('close', () => this.#lose());
    child.stdin.on('error', () => {}); // Its end is told by stdout.
    for (const event of ['drain', 'close']) child.stdin.on(event, () => this.#goOn());
    child.on('error', () => {});
  }

  /**
   * Starts the process, in a session of its own: a Ctrl-C is the client's affair, not the service's.
   *
   * @param {string[]} argv
   * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} options
   * @param {Listener} listener
   */
  static async open([program, ...args], options, listener) {
    // A relative path is ours, not that of the folder in which the service works.
    const path = program.includes('/') ? absolute(program) : program;
    const child = spawn(path, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    const connection = new Connection(child, listener);
    try {
      await once(child, 'spawn');
    } catch (cause) {
      const hint = 'pass executable, set FERMATA, or put fermata on the PATH';
      throw new FermataError('engine.notFound', `${program} cannot be started: ${hint}.`, { cause });
    }
    return connection;
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  get isAlive() {
    return !this.#isLost;
  }

  /**
   * Sends now, so that requests leave in the order of the calls. An aborted signal takes the request back.
   *
   * @param {string} method
   * @param {object} [params]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  request(method, params = {}, signal) {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const id = ++this.#lastId;
      this.#send({ id, method, params });
      const abort = () => {
        if (!this.#pending.delete(id)) return;
        if (this.isAlive) this.notify('$/cancelRequest', { id });
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const forget = () => signal?.removeEventListener('abort', abort);
      this.#pending.set(id, {
        resolve: (value) => (forget(), resolve(value)),
        reject: (error) => (forget(), reject(error)),
      });
    });
  }

  /**
   * @param {string} method
   * @param {object} [params]
   */
  notify(method, params = {}) {
    this.#send({ method, params });
  }

  /**
   * @param {number} id
   * @param {{result: any} | {error: any}} outcome
   */
  answer(id, outcome) {
    this.#send({ id, ...outcome });
  }

  /** Whether the service does not read: its back-pressure. Whoever writes waits for `drained` first. */
  get isCongested() {
    return this.#child.stdin.writableNeedDrain && !this.#isLost;
  }

  /** @returns {Promise<void>} */
  drained() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #goOn() {
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  /** @param {object} message */
  #send(message) {
    if (this.#isLost) throw loss();
    this.#child.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
  }

  /** @param {Buffer} data */
  #take(data) {
    let start = 0;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, start)) {
      this.#parts.push(data.subarray(start, end));
      const line = Buffer.concat(this.#parts);
      this.#parts = [];
      if (line.length > 0) this.#receive(line);
      start = end + 1;
    }
    if (start < data.length) this.#parts.push(data.subarray(start));
  }

  /** @param {Buffer} line */
  #receive(line) {
    let message;
    try {
      message = JSON.parse(line.toString());
    } catch {
      return process.emitWarning(`The service said what is no message: ${line.toString('utf8', 0, 200)}`, 'FermataWarning');
    }
    if (message.method === undefined) this.#settle(message);
    else if (message.id !== undefined) this.#listener.onRequest(this, message.id, message.method, message.params ?? {});
    else this.#listener.onNotification(message.method, message.params ?? {}, line.length);
  }

  /** @param {any} message */
  #settle({ id, result, error }) {
    const asked = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) asked?.reject(errorFromWire(error));
    else asked?.resolve(result);
  }

  #lose() {
    this.#isLost = true;
    this.#goOn();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(loss());
    this.#listener.onLost(this);
  }

  /**
   * Closes stdin, on which the service ends by itself; one that does not is killed.
   *
   * @param {number} patience in milliseconds
   */
  async close(patience) {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    const code = await this.#exited;
    clearTimeout(timer);
    return code;
  }
}

function loss() {
  return new EngineLost('The service ended before it answered.');
}
