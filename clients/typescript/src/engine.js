import { resolve } from 'node:path';
import { Connection } from './connection.js';
import { EngineLost, FermataError } from './errors.js';
import { Host } from './hosting.js';
import { newRunId } from './ids.js';
import { Run } from './run.js';

/** @typedef {import('./hosting.js').Body} Body */
/** @typedef {import('./index.js').EngineOptions} EngineOptions */
/** @typedef {import('./index.js').Observers} Observers */
/** @typedef {import('./index.js').RunOptions} RunOptions */
/** @typedef {import('./index.js').WorkflowReference} WorkflowReference */

const RUN_OPTIONS = /** @type {const} */ (['timeout', 'retry', 'cancel', 'approvals', 'budget']);
const OBSERVERS = /** @type {const} */ ([
  'onEvent', 'onTextDelta', 'onStatusChange', 'onProgress', 'onLog', 'onComplete', 'onFailed', 'onApprovalRequested',
  'onInputRequested',
]);

/**
 * Runs workflows, and hosts their handlers and programs. The service is started with the first request, and started again when it
 * dies.
 */
export class Engine {
  /** A service that dies this often within a minute is not started again. */
  static MAX_DEATHS = 5;
  /** How long the service may take to end, in milliseconds. */
  static PATIENCE = 5000;

  /**
   * What the service said of itself when it was started.
   *
   * @type {Record<string, any>}
   */
  info = {};

  /** @type {EngineOptions} */
  #options;
  #host = new Host();
  /** @type {Promise<Connection> | undefined} */
  #connected;
  /** @type {Connection | undefined} */
  #connection;
  /**
   * The one that has taken us up: only its death is worth a restart.
   *
   * @type {Connection | undefined}
   */
  #ready;
  /** @type {Map<string, Set<Run>>} */
  #runs = new Map();
  /** @type {number[]} */
  #deaths = [];
  /** @type {Promise<void> | undefined} */
  #closing;

  /** @param {EngineOptions} [options] */
  constructor(options = {}) {
    this.#options = options;
  }

  // Declaring

  /**
   * Hosts a handler; `*` takes whatever is called. It is called with an `Attempt` and the step's `with`, and leaves what it
   * returns.
   *
   * @param {string} name
   * @param {(attempt: import('./attempt.js').Attempt, input: any) => any} handler
   */
  handler(name, handler) {
    this.#declare(this.#host.handlers, name, handler);
    return this;
  }

  /**
   * Hosts a durable program. It is called with a `Program` and the run's input. After a crash it is called again, and what its
   * steps left is not done again.
   *
   * @param {string} name
   * @param {(program: import('./program.js').Program, input: any) => any} program
   */
  workflow(name, program) {
    this.#declare(this.#host.programs, name, program);
    return this;
  }

  /** @type {(declared: Map<string, Body>, name: string, body: Body) => void} */
  #declare(declared, name, body) {
    if (this.#connected) {
      throw new FermataError('engine.started', 'Declare handlers and workflows before the engine is started.');
    }
    declared.set(name, body);
  }

  // Its life

  /** Starts the service, which the first request would do, too. Runs that were left are gone on with at once. */
  async start() {
    await this.#whenConnected();
  }

  /** The service's process. */
  get pid() {
    return this.#connection?.pid ?? 0;
  }

  /** Ends the service. Runs that are not done stay as they are, and go on when it is started again. */
  async close() {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close() {
    this.#host.abandon();
    await this.#connected?.catch(() => {});
    const connection = this.#connection;
    if (connection?.isAlive) {
      connection.request('shutdown').catch(() => {});
      connection.notify('exit');
    }
    this.#giveUp(new FermataError('engine.closed', 'The engine is closed; its runs are safe.'));
    await connection?.close(Engine.PATIENCE);
  }

  async #connect() {
    const { executable, args = [], store, namespace, name = 'node', user, config, cwd, env } = this.#options;
    const { allowCommands = false, maxConcurrent = 64 } = this.#options;
    const program = executable ?? process.env.FERMATA ?? 'fermata';
    const connection = await Connection.open([program, ...args], { cwd, env }, {
      onRequest: (connection, id, method, params) => void this.#host.receive(connection, id, method, params),
      onNotification: (method, params, size) => this.#receive(method, params, size),
      onLost: (connection) => this.#hasLost(connection),
    });
    this.#connection = connection;
    try {
      this.info = await connection.request('initialize', {
        protocolVersion: '1.0',
        clientInfo: { name },
        processId: process.pid,
        namespace,
        store: store === undefined ? undefined : resolve(store),
        user,
        config,
        capabilities: {
          steps: { handlers: [...this.#host.handlers.keys()].sort(), maxConcurrent },
          workflows: [...this.#host.programs.keys()].sort(),
          commands: allowCommands,
        },
      });
    } catch (error) {
      await connection.close(0);
      throw error;
    }
    this.#ready = connection;
    connection.notify('initialized');
    for (const run of [...this.#runs.values()].flatMap((runs) => [...runs])) {
      run.hasRestarted();
      // It may not have been created yet, or the service is gone again, and this is done once more.
      connection.request('run/subscribe', { runId: run.id, afterSeq: run.seq }).catch(() => {});
    }
    return connection;
  }

  /** @param {Connection} dead */
  #hasLost(dead) {
    if (this.#closing || dead !== this.#ready) return;
    this.#host.abandon();
    this.#deaths.push(Date.now());
    this.#deaths.splice(0, this.#deaths.length - Engine.MAX_DEATHS);
    this.#connected = this.#restart(dead);
    this.#connected.catch((error) => this.#giveUp(error));
  }

  /** @param {Connection} dead */
  async #restart(dead) {
    const code = await dead.close(Engine.PATIENCE);
    const lost = new EngineLost(`The service ended with code ${code}.`);
    const isHopeless = this.#deaths.length === Engine.MAX_DEATHS && Date.now() - this.#deaths[0] < 60_000;
    if (this.#options.restart === false || isHopeless || this.#closing) throw lost;
    const connection = await this.#connect();
    this.#options.onRestart?.(lost);
    return connection;
  }

  /** @param {unknown} error */
  #giveUp(error) {
    this.#connected = Promise.reject(error);
    this.#connected.catch(() => {});
    for (const runs of this.#runs.values()) for (const run of runs) run.giveUp(error);
  }

  // Asking

  /**
   * Sends any request of the protocol. When the service dies before it answers, that is `EngineLost`.
   *
   * @param {string} method
   * @param {object} [params]
   * @param {{signal?: AbortSignal}} options
   * @returns {Promise<any>}
   */
  async request(method, params, { signal } = {}) {
    const connection = await this.#whenConnected();
    if (connection.isCongested) await connection.drained();
    return connection.request(method, params, signal);
  }

  /**
   * The same for what may be asked twice: it is, when the service dies before it answers.
   *
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  async requestAgain(method, params) {
    for (;;) {
      const connection = await this.#whenConnected();
      if (connection.isCongested) await connection.drained();
      try {
        return await connection.request(method, params);
      } catch (error) {
        const kind = error instanceof FermataError ? error.kind : undefined;
        if (kind !== 'engine.lost' && kind !== 'server.shuttingDown') throw error;
        await connection.gone;
      }
    }
  }

  async #whenConnected() {
    if (!this.#connected) {
      this.#connected = this.#connect();
      this.#connected.catch(() => {});
    }
    return this.#connected;
  }

  /**
   * Creates a run and starts it: `const output = await engine.run('release', { tag: 'v1' })`.
   *
   * @param {WorkflowReference} workflow
   * @param {unknown} [input]
   * @param {RunOptions} [options]
   * @returns {Run}
   */
  run(workflow, input, options = {}) {
    const { runId = newRunId(), version, labels, cwd, start = true, signal } = options;
    const given = Object.fromEntries(RUN_OPTIONS.filter((name) => options[name]).map((name) => [name, options[name]]));
    const run = this.#handle(runId, options);
    const params = { workflow, version, input, runId, labels, cwd, start };
    run.open(() => run.create({ ...params, options: given }, options.runId === undefined));
    if (signal) cancelWith(signal, run);
    return run;
  }

  /**
   * Follows a run that exists, from where it stands. Its observers are asked what is open.
   *
   * @param {string} runId
   * @param {Observers} [observers]
   * @returns {Run}
   */
  attach(runId, observers = {}) {
    const run = this.#handle(runId, observers);
    run.open(() => run.takeUp());
    return run;
  }

  /**
   * Runs, newest first.
   *
   * @param {object} [filter] that of `run/list`, such as `{status: ['awaiting']}`
   * @returns {Promise<Record<string, any>[]>}
   */
  async runs(filter) {
    const found = [];
    let cursor;
    do {
      /** @type {any} */
      const page = await this.request('run/list', { filter, cursor });
      found.push(...page.runs);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }

  /**
   * Makes a document known by its name: {name, version, warnings}.
   *
   * @param {object} document
   * @returns {Promise<{name: string, version: string, warnings: any[]}>}
   */
  async register(document) {
    return this.requestAgain('workflow/register', { document });
  }

  /** @type {(runId: string, options: Observers) => Run} */
  #handle(runId, options) {
    const observers = Object.fromEntries(OBSERVERS.map((name) => [name, options[name]]));
    const run = new Run(this, runId, observers);
    this.follow(run);
    return run;
  }

  // Inside

  /** @param {Run} run */
  follow(run) {
    const runs = this.#runs.get(run.id) ?? new Set();
    this.#runs.set(run.id, runs.add(run));
  }

  /** @param {Run} run */
  unfollow(run) {
    const runs = this.#runs.get(run.id);
    runs?.delete(run);
    if (runs?.size === 0) this.#runs.delete(run.id);
  }

  /** @type {(method: string, params: any, size: number) => void} */
  #receive(method, params, size) {
    if (method === '$/cancelRequest') return this.#host.cancel(params.id);
    for (const run of [...(this.#runs.get(params.runId) ?? [])]) run.receive(method, params, size);
  }
}

/**
 * Aborting the signal cancels the run.
 *
 * @param {AbortSignal} signal
 * @param {Run} run
 */
function cancelWith(signal, run) {
  const { reason } = signal;
  const cancel = () => run.cancel(String((signal.reason ?? reason)?.message ?? signal.reason)).catch(() => {});
  if (signal.aborted) return void cancel();
  signal.addEventListener('abort', cancel, { once: true });
  run.result().catch(() => {}).finally(() => signal.removeEventListener('abort', cancel));
}
