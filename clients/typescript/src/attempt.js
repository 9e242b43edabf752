/** The context of a body that this program runs: a handler's, or that of a program's step. */
export class Attempt {
  #connection;

  /**
   * @param {import('./connection.js').Connection} connection
   * @param {AbortSignal} signal
   * @param {{runId: string, executionId: string, path: string, stepId: string, attempt: number, idempotencyKey: string,
   *   handler?: string, deadlineAt?: string}} info
   */
  constructor(connection, signal, info) {
    this.#connection = connection;
    /** Aborted when nobody wants the outcome any more. */
    this.signal = signal;
    this.runId = info.runId;
    this.executionId = info.executionId;
    /** The step's path, unique within the run. */
    this.path = info.path;
    this.step = info.stepId;
    /** From 1. */
    this.number = info.attempt;
    /** The same for every attempt of this step: what is done under it is done once. */
    this.idempotencyKey = info.idempotencyKey;
    this.handler = info.handler;
    /** When the attempt times out, as RFC 3339. */
    this.deadlineAt = info.deadlineAt;
  }

  /**
   * Says something: whoever follows the run reads it as it comes.
   *
   * @param {string} text
   */
  async textDelta(text) {
    await this.#tell('step/textDelta', { text });
  }

  /**
   * Writes a line to the run's log.
   *
   * @param {string} message
   * @param {'debug' | 'info' | 'warning' | 'error'} [level]
   */
  async log(message, level = 'info') {
    await this.#tell('step/log', { message, level });
  }

  /**
   * @param {number} current
   * @param {number} [total]
   * @param {string} [message]
   */
  async progress(current, total = 0, message) {
    await this.#tell('step/progress', { current, total, message });
  }

  /** Says that the attempt is alive, for steps with a `heartbeatTimeoutMs`. */
  async heartbeat() {
    await this.#tell('step/heartbeat', {});
  }

  /** @type {(method: string, params: object) => Promise<void>} */
  async #tell(method, params) {
    this.signal.throwIfAborted();
    if (this.#connection.isCongested) await this.#connection.drained();
    const { runId, executionId, path, number: attempt } = this;
    this.#connection.notify(method, { runId, executionId, path, attempt, ...params });
  }
}
