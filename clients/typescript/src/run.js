// The handle of a run.

import { deferred } from './deferred.js';
import { FermataError, RunCancelled, RunFailed } from './errors.js';
import { EventStream, PROGRESS, attemptKey, endsAttempt, eventFrom, isText } from './events.js';
import { newRunId } from './ids.js';
import { Telling, progressFrom, questionFrom, responseOf } from './telling.js';

/** @typedef {import('./index.js').Observers} Observers */
/** @typedef {import('./index.js').Question} Question */
/** @typedef {import('./index.js').RunEvent} RunEvent */
/** @typedef {import('./index.js').RunStatus} RunStatus */

const TERMINAL = new Set(['completed', 'failed', 'cancelled']);

/**
 * A run, followed. `await run` gives its output, or throws `RunFailed` or `RunCancelled`. It goes on, and the handle keeps
 * working, when the service dies and is started again.
 *
 * @implements {PromiseLike<any>}
 */
export class Run {
  /** @type {RunStatus} */
  status = 'pending';
  isPaused = false;
  /** @type {import('./index.js').Progress} */
  progress = { current: 0, total: 0 };
  /** The newest event that has arrived. */
  seq = 0;

  #engine;
  /**
   * How many bytes of each attempt's text have arrived.
   *
   * @type {Map<string, number>}
   */
  #texts = new Map();
  /** @type {Set<EventStream>} */
  #streams = new Set();
  /** @type {Promise<void>} */
  #opening = Promise.resolve();
  #telling;
  #end = deferred();
  #hasSettled = false;

  /**
   * @param {import('./engine.js').Engine} engine
   * @param {string} id
   * @param {Observers} observers
   */
  constructor(engine, id, observers) {
    this.#engine = engine;
    this.id = id;
    this.#telling = new Telling(this, observers);
  }

  get hasEnded() {
    return TERMINAL.has(this.status);
  }

  /**
   * @template [T=any]
   * @template [E=never]
   * @param {((output: any) => T | PromiseLike<T>) | null} [onOutput]
   * @param {((error: any) => E | PromiseLike<E>) | null} [onError]
   * @returns {Promise<T | E>}
   */
  then(onOutput, onError) {
    return this.result().then(onOutput, onError);
  }

  /**
   * Waits for the run's output, and for its observers to have heard everything. Aborting the signal ends the waiting alone, and
   * the run goes on.
   *
   * @param {{signal?: AbortSignal}} options
   * @returns {Promise<any>}
   */
  async result({ signal } = {}) {
    signal?.throwIfAborted();
    if (!signal) return this.#end.promise;
    const aborted = deferred();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([this.#end.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Waits until the run is known to the service: it then survives everything. */
  async opened() {
    await this.#opening;
  }

  // Moving it

  /** Starts a run that was created with `start: false`. */
  async start() {
    await this.#move('run/start');
  }

  /** Nothing new starts; what is under way finishes. */
  async pause() {
    await this.#move('run/pause');
  }

  async resume() {
    await this.#move('run/resume');
  }

  /**
   * Ends the run, with its cleanup; a second time, at once.
   *
   * @param {string} [reason]
   */
  async cancel(reason) {
    await this.#move('run/cancel', { reason });
  }

  /** Lets a run that failed or was cancelled go on from where it stood. */
  async retry() {
    await this.opened();
    this.#engine.follow(this);
    await this.#subscribe();
    await this.#move('run/retry');
  }

  /**
   * Sends a signal, exactly once, also when the service dies meanwhile.
   *
   * @param {string} name
   * @param {unknown} [payload]
   * @param {{idempotencyKey?: string}} options
   */
  async signal(name, payload, { idempotencyKey = newRunId() } = {}) {
    await this.requestAgain('execution/signal', { name, payload, idempotencyKey });
  }

  /**
   * Approves the one approval that is open.
   *
   * @param {{message?: string, approver?: string}} [vote]
   */
  async approve(vote) {
    await this.#answer('approval', { ...vote, approved: true });
  }

  /**
   * Rejects the one approval that is open.
   *
   * @param {{message?: string, approver?: string}} [vote]
   */
  async reject(vote) {
    await this.#answer('approval', { ...vote, approved: false });
  }

  /**
   * Answers the one input that is open.
   *
   * @param {unknown} value
   * @param {{by?: string}} [options]
   */
  async answer(value, options) {
    await this.#answer('input', value, options);
  }

  /**
   * Answers one question of several, with what an observer would return.
   *
   * @param {Question} question
   * @param {unknown} answer
   * @param {{by?: string}} [options]
   */
  async respond(question, answer, options) {
    const [method, params] = responseOf(question.kind, answer, options);
    await this.#engine.requestAgain(method, { interactionId: question.id, ...params });
  }

  /** @type {(kind: string, answer: unknown, options?: {by?: string}) => Promise<void>} */
  async #answer(kind, answer, options = {}) {
    const { executionId } = await this.info();
    const [method, params] = responseOf(kind, answer, options);
    await this.#engine.request(method, { executionId, ...params });
  }

  // Looking at it

  /** All of `run/get`: state, input, output, what it waits for. */
  async info() {
    return this.#request('run/get');
  }

  async steps() {
    return (await this.#request('run/steps')).steps;
  }

  /**
   * What is open.
   *
   * @returns {Promise<Question[]>}
   */
  async questions() {
    return (await this.#request('execution/interactions')).interactions.map(questionFrom);
  }

  /** All that was logged. */
  async logs() {
    const entries = [];
    /** @type {any} */
    let page = { nextAfterSeq: 0 };
    do {
      page = await this.#request('run/logs', { afterSeq: page.nextAfterSeq });
      entries.push(...page.entries);
    } while (page.nextAfterSeq !== undefined);
    return entries;
  }

  /**
   * The run's events, from the first on, and its text as it comes, until the run has ended.
   *
   * @param {{afterSeq?: number}} options
   */
  events({ afterSeq = 0 } = {}) {
    const stream = new EventStream(this, afterSeq);
    this.#streams.add(stream);
    return stream;
  }

  // Inside

  /** @param {() => Promise<void>} opening */
  open(opening) {
    this.#opening = opening();
    this.#opening.catch((error) => this.giveUp(error));
  }

  /**
   * Creates the run, or takes up the one that has this id and was asked for in the same words.
   *
   * @param {object} params
   * @param {boolean} isNew
   */
  async create(params, isNew) {
    if (isNew || !(await this.#exists())) {
      this.#telling.begin();
      await this.#engine.requestAgain('run/create', params);
      if (!isNew) await this.#subscribe();
    } else {
      await this.#engine.requestAgain('run/create', params);
      await this.takeUp();
    }
  }

  /** Takes the run as it stands, and follows it from there. */
  async takeUp() {
    const info = await this.#engine.requestAgain('run/get', { runId: this.id });
    this.seq = Math.max(this.seq, info.seq);
    this.status = info.status;
    this.isPaused = info.isPaused;
    this.progress = info.progress;
    this.#telling.begin();
    if (this.hasEnded) return this.#finish(info);
    await this.#subscribe();
    if (!this.#telling.asks) return;
    const { interactions } = await this.#engine.requestAgain('execution/interactions', { runId: this.id });
    for (const entry of interactions) this.#telling.ask(questionFrom(entry));
  }

  async #exists() {
    try {
      await this.#engine.requestAgain('run/get', { runId: this.id });
      return true;
    } catch (error) {
      if (error instanceof FermataError && error.kind === 'run.notFound') return false;
      throw error;
    }
  }

  async #subscribe() {
    await this.#engine.requestAgain('run/subscribe', { runId: this.id, afterSeq: this.seq });
  }

  /**
   * @param {string} method
   * @param {object} [params]
   */
  async requestAgain(method, params) {
    await this.opened();
    return this.#engine.requestAgain(method, { runId: this.id, ...params });
  }

  /** @type {(method: string, params?: object) => Promise<any>} */
  async #request(method, params = {}) {
    await this.opened();
    return this.#engine.request(method, { runId: this.id, ...params });
  }

  /** @type {(method: string, params?: object) => Promise<void>} */
  async #move(method, params = {}) {
    const { seq, status, isPaused } = await this.#request(method, params);
    if (seq < this.seq) return;
    this.status = status;
    this.isPaused = isPaused;
  }

  /**
   * One notification of this run. What was told before is told to nobody again.
   *
   * @param {string} method
   * @param {any} params
   * @param {number} size
   */
  receive(method, params, size) {
    if (isText(method)) return this.#receiveText(method, params, size);
    const isNext = params.seq === this.seq + 1;
    if (!isNext && !(method === PROGRESS && params.seq === this.seq)) return;
    const event = eventFrom(method, params);
    this.seq = params.seq;
    if (isNext) this.#apply(event);
    else this.progress = progressFrom(params);
    for (const stream of this.#streams) stream.push(event, size);
  }

  /** @type {(method: string, params: any, size: number) => void} */
  #receiveText(method, params, size) {
    const text = Buffer.from(params.text);
    const key = `${params.attempt} ${params.path} ${method}`;
    const known = this.#texts.get(key) ?? 0;
    const end = params.offset + text.length;
    if (end <= known) return;
    this.#texts.set(key, end);
    if (params.offset < known) {
      params = { ...params, text: text.subarray(known - params.offset).toString(), offset: known };
    }
    const event = eventFrom(method, params);
    for (const stream of this.#streams) stream.push(event, size);
  }

  /** @param {RunEvent} event */
  #apply(event) {
    const { type, data } = event;
    if (type === 'run/statusChanged') {
      this.status = data.status;
      this.isPaused = data.isPaused;
      if (!this.hasEnded && this.#hasSettled) this.#beginAgain();
    } else if (type === 'run/completed' || type === 'run/failed' || type === 'run/cancelled') {
      this.#finish(data);
    } else if (endsAttempt(event)) {
      for (const method of ['execution/textDelta', 'execution/thinkingDelta']) {
        this.#texts.delete(`${attemptKey(event)} ${method}`);
      }
      if (data.progress) this.progress = progressFrom(data.progress);
    }
  }

  /** @param {Record<string, any>} data */
  async #finish({ output, error, reason, cancelReason }) {
    this.#engine.unfollow(this);
    for (const stream of this.#streams) stream.wake();
    const { status } = this;
    const end = this.#end;
    this.#hasSettled = true;
    await this.#telling.done;
    if (status === 'completed') end.resolve(output ?? null);
    else if (status === 'failed') end.reject(new RunFailed(this.id, error ?? {}));
    else end.reject(new RunCancelled(this.id, reason ?? cancelReason));
  }

  /** A retry: what waits from now on waits for the new end. */
  #beginAgain() {
    this.#hasSettled = false;
    this.#end = deferred();
    this.#telling.begin();
  }

  /** Nobody knows how far the text of what was interrupted had come. */
  hasRestarted() {
    this.#texts.clear();
  }

  /**
   * Nothing will come any more.
   *
   * @param {unknown} error
   */
  giveUp(error) {
    this.#end.reject(error);
    this.#engine.unfollow(this);
    for (const stream of this.#streams) stream.close(error);
    this.#telling.withdrawAll(error);
  }

  /** @param {EventStream} stream */
  forget(stream) {
    this.#streams.delete(stream);
  }
}
