// The context of a durable program: what it does in steps is done once.

import { Attempt } from './attempt.js';
import { FermataError, failureOf } from './errors.js';

/** In milliseconds, between two tries while the store cannot be written. */
const STORE_PAUSE = 500;
/** What ends an execution here and not the run. */
const GIVEN_UP = new Set(['engine.lost', 'execution.notFound', 'server.shuttingDown', 'workflow.changed']);

/**
 * Given to a program. Every call of it is recorded; after a crash what is recorded is not done again.
 *
 * A program must ask for the same steps in the same order each time it is run with the same input: what depends on the clock,
 * on chance or on the world belongs into a `step`. Steps at once are started by `Promise.all`.
 *
 * A step is known by its name: the second of a name is `name#2`, and so on. Renaming one makes it another.
 */
export class Program {
  /** Whether the service has no use for this execution any more, and gets no answer. */
  isGivenUp = false;
  #connection;
  /** @type {Map<string, number>} */
  #names = new Map();

  /**
   * @param {import('./connection.js').Connection} connection
   * @param {AbortSignal} signal
   * @param {{runId: string, executionId: string, workflow: string}} params
   */
  constructor(connection, signal, { runId, executionId, workflow }) {
    this.#connection = connection;
    /** Aborted when the run does not want this execution any more. */
    this.signal = signal;
    this.runId = runId;
    this.executionId = executionId;
    this.workflow = workflow;
  }

  /**
   * Calls `body` and records what it leaves, which must be JSON, or gives what was recorded. A failure is tried again as `retry`
   * says, and then thrown as `FermataError`, on replay too.
   *
   * @param {string} name
   * @param {(attempt: Attempt) => any} body
   * @param {import('./index.js').StepOptions} options
   * @returns {Promise<any>}
   */
  async step(name, body, { input, retry, timeoutMs, onInterrupted } = {}) {
    const key = this.#key(name);
    for (;;) {
      const begun = await this.#request('step/begin', { key, input, retry, timeoutMs, onInterrupted });
      if ('recorded' in begun) return begun.recorded;
      if ('failed' in begun) throw failureFrom(begun.failed);
      const outcome = await this.#outcome(body, { key, timeoutMs, ...begun });
      const done = await this.#request('step/complete', { key, ...outcome });
      if ('failed' in done) throw failureFrom(done.failed);
      if ('retryAfterMs' in done) continue;
      if (outcome.error) throw failureFrom(outcome.error);
      return outcome.output;
    }
  }

  /**
   * How a body ended: what it left as it will be on replay, or its failure.
   *
   * @param {(attempt: Attempt) => any} body
   * @param {{key: string, timeoutMs?: number, attempt: number, idempotencyKey: string}} begun
   * @returns {Promise<{output?: any, error?: {kind: string, message: string, retryable?: boolean}}>}
   */
  async #outcome(body, { key, timeoutMs, attempt, idempotencyKey }) {
    const { runId, executionId } = this;
    const call = new AbortController();
    const abort = () => call.abort(this.signal.reason);
    this.signal.addEventListener('abort', abort, { once: true });
    const aborted = new Promise((_, reject) => {
      call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
    });
    const late = new FermataError('step.timedOut', `It took longer than ${timeoutMs} ms.`, { retryable: true });
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => call.abort(late), timeoutMs);
    try {
      const info = { runId, executionId, path: key, stepId: key, attempt, idempotencyKey };
      const context = new Attempt(this.#connection, call.signal, info);
      const output = await Promise.race([(async () => body(context))(), aborted]);
      return { output: output === undefined ? null : JSON.parse(JSON.stringify(output)) };
    } catch (error) {
      if (this.signal.aborted) throw error;
      return { error: failureOf(error, 'step.failed') };
    } finally {
      clearTimeout(timer);
      this.signal.removeEventListener('abort', abort);
    }
  }

  /**
   * Has the service perform any step, written as in a document, and gives its result.
   *
   * @param {string} name
   * @param {Record<string, any>} step
   * @returns {Promise<any>}
   */
  async perform(name, step) {
    return (await this.#request('step/perform', { key: this.#key(name), step })).output;
  }

  /**
   * A handler, of this program or another client.
   *
   * @param {string} handler
   * @param {unknown} [input]
   * @param {import('./index.js').PerformOptions} options
   */
  async call(handler, input, { name = handler, ...options } = {}) {
    return this.perform(name, { call: handler, with: literal(input), ...options });
  }

  /**
   * A local process: {exitCode, stdout, stderr}.
   *
   * @param {string[]} argv
   * @param {import('./index.js').PerformOptions} options a step's, such as `cwd`, `env` and `stdin`
   */
  async command(argv, { name = argv[0], ...options } = {}) {
    return this.perform(name, { command: literal(argv), ...literal(options) });
  }

  /**
   * A model, by `provider/model` or as an object in place: {text, output, usage, toolCalls}.
   *
   * @param {string | Record<string, any>} agent
   * @param {string} prompt
   * @param {import('./index.js').PerformOptions} options
   */
  async agent(agent, prompt, { name = 'agent', ...options } = {}) {
    const model = typeof agent === 'string' ? { model: agent } : agent;
    return this.perform(name, { agent: model, prompt: literal(prompt), ...options });
  }

  /**
   * A run of another workflow; its output.
   *
   * @param {string} workflow
   * @param {unknown} [input]
   * @param {import('./index.js').PerformOptions} options
   */
  async child(workflow, input, { name = workflow, ...options } = {}) {
    return this.perform(name, { workflow, with: literal(input), ...options });
  }

  /**
   * Holds until people have decided, however long that takes.
   *
   * @param {string} message
   * @param {import('./index.js').ApprovalOptions} options
   * @returns {Promise<import('./index.js').Decision>}
   */
  async approval(message, { name = 'approval', ...options } = {}) {
    const approval = { ...options, message: literal(message), show: literal(options.show) };
    const result = await this.perform(name, { approval });
    return { ...result, approved: result.status === 'approved' };
  }

  /**
   * Holds until somebody has answered; the answer, which fits the JSON Schema.
   *
   * @param {string} prompt
   * @param {import('./index.js').InputOptions} options
   */
  async input(prompt, { name = 'input', ...options } = {}) {
    const input = { ...options, prompt: literal(prompt), default: literal(options.default) };
    return this.perform(name, { input });
  }

  /**
   * Waits, also while no process of ours runs.
   *
   * @param {number} durationMs
   * @param {{name?: string}} options
   */
  async sleep(durationMs, { name = 'sleep' } = {}) {
    await this.perform(name, { wait: { durationMs } });
  }

  /**
   * Waits for a signal of the run, or takes one that was kept; its payload.
   *
   * @param {string} signal
   * @param {{name?: string}} options
   */
  async waitForSignal(signal, { name = signal } = {}) {
    return (await this.perform(name, { wait: { signal } })).payload ?? null;
  }

  /**
   * What names the step in the journal: a path has its own use for slashes and brackets.
   *
   * @param {string} name
   */
  #key(name) {
    const key = name.replaceAll('/', '.').replaceAll('[', '(').replaceAll(']', ')');
    const count = (this.#names.get(key) ?? 0) + 1;
    this.#names.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  }

  /** @type {(method: string, params: object) => Promise<any>} */
  async #request(method, params) {
    for (;;) {
      if (this.#connection.isCongested) await this.#connection.drained();
      try {
        return await this.#connection.request(method, { executionId: this.executionId, ...params }, this.signal);
      } catch (error) {
        const kind = error instanceof FermataError ? error.kind : undefined;
        if (kind && GIVEN_UP.has(kind)) this.isGivenUp = true;
        if (kind === 'workflow.changed') process.emitWarning(`Run ${this.runId}: ${String(error)}`, 'FermataWarning');
        if (kind !== 'store.unavailable') throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, STORE_PAUSE));
    }
  }
}

/**
 * A value whose texts are not evaluated as templates: what a program says, it has put together itself.
 *
 * @param {any} value
 * @returns {any}
 */
function literal(value) {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, literal(member)]));
}

/** @param {{kind: string, message: string, retryable?: boolean}} failure */
function failureFrom(failure) {
  const { kind, message, retryable = false } = failure;
  return new FermataError(kind, message, { retryable, data: failure });
}
