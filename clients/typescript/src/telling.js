// Tells a run's observers what happens, and answers with what they return.

import { userInfo } from 'node:os';
import { FermataError, RunFailed } from './errors.js';
import { PROGRESS, isText } from './events.js';

/** @typedef {import('./index.js').Observers} Observers */
/** @typedef {import('./index.js').Question} Question */
/** @typedef {import('./index.js').RunEvent} RunEvent */
/** @typedef {import('./index.js').Vote} Vote */

/** Somebody else was faster. */
const TOO_LATE = new Set(['interaction.alreadyResolved', 'interaction.expired', 'interaction.notFound']);

/** One observer is called at a time, but for those that are asked: a person takes long. */
export class Telling {
  #run;
  #observers;
  /** @type {Map<string, AbortController>} */
  #questions = new Map();
  #isUnderWay = false;
  /**
   * Kept when the observers have heard the last.
   *
   * @type {Promise<void>}
   */
  done = Promise.resolve();

  /**
   * @param {import('./run.js').Run} run
   * @param {Observers} observers
   */
  constructor(run, observers) {
    this.#run = run;
    this.#observers = observers;
  }

  get asks() {
    return Boolean(this.#observers.onApprovalRequested ?? this.#observers.onInputRequested);
  }

  /** From the event that arrives next. After a retry the run has another end to tell of. */
  begin() {
    const isWanted = Object.values(this.#observers).some((observer) => observer !== undefined);
    if (!isWanted || this.#isUnderWay) return;
    this.#isUnderWay = true;
    this.done = this.#tell(this.#run.events({ afterSeq: this.#run.seq }));
  }

  /** @param {Question} question */
  async ask(question) {
    const { onApprovalRequested, onInputRequested } = this.#observers;
    const observer = question.kind === 'approval' ? onApprovalRequested : onInputRequested;
    if (!observer || this.#questions.has(question.id)) return;
    const withdrawal = new AbortController();
    this.#questions.set(question.id, withdrawal);
    try {
      const answer = await observer(question, withdrawal.signal);
      if (answer === undefined || withdrawal.signal.aborted) return;
      await this.#run.respond(question, answer);
    } catch (error) {
      if (withdrawal.signal.aborted || (error instanceof FermataError && TOO_LATE.has(error.kind))) return;
      this.#run.giveUp(error);
    }
  }

  /** @param {unknown} reason */
  withdrawAll(reason) {
    for (const question of this.#questions.values()) question.abort(reason);
  }

  /** @param {AsyncIterable<RunEvent>} events */
  async #tell(events) {
    try {
      for await (const event of events) await this.#tellOne(event);
    } catch (error) {
      this.#run.giveUp(error);
    }
    this.#isUnderWay = false;
  }

  /** @param {RunEvent} event */
  async #tellOne(event) {
    const { type, data, at, seq } = event;
    const observers = this.#observers;
    await observers.onEvent?.(event);
    if (isText(type)) {
      const { text, path, attempt, offset } = data;
      await observers.onTextDelta?.({ text, path, attempt, offset, isThinking: type === 'execution/thinkingDelta' });
    } else if (type === 'run/statusChanged') {
      await observers.onStatusChange?.(data.status);
    } else if (type === PROGRESS) {
      await observers.onProgress?.(progressFrom(data));
    } else if (type === 'execution/log') {
      await observers.onLog?.({ level: data.level, message: data.message, step: data.step, at, seq });
    } else if (type === 'run/completed') {
      await observers.onComplete?.(data.output ?? null);
    } else if (type === 'run/failed') {
      await observers.onFailed?.(new RunFailed(this.#run.id, data.error ?? {}));
    } else if (type === 'execution/approvalRequested' || type === 'execution/inputRequested') {
      this.ask(questionFrom({ ...data, runId: this.#run.id }));
    } else if (type === 'execution/interactionResolved') {
      this.#questions.get(data.interactionId)?.abort();
    }
  }
}

/**
 * The request that answers a question.
 *
 * @param {string} kind
 * @param {any} answer
 * @param {{by?: string}} options
 * @returns {[string, object]}
 */
export function responseOf(kind, answer, { by } = {}) {
  if (kind === 'input') return ['execution/respondInput', { value: answer, by }];
  /** @type {Vote} */
  const vote = typeof answer === 'boolean' ? { approved: answer } : answer;
  const { approved, message, approver = userInfo().username } = vote ?? {};
  if (typeof approved !== 'boolean') throw new TypeError('An approval is answered with true, false or { approved }.');
  return ['execution/respondApproval', { decision: approved ? 'approved' : 'rejected', message, approver }];
}

/**
 * @param {any} data
 * @returns {Question}
 */
export function questionFrom(data) {
  const { interactionId: id, runId, kind, path, message, prompt } = data;
  return { id, runId, kind, path, message: message ?? prompt ?? '', data };
}

/** @param {any} data */
export function progressFrom({ current, total, message }) {
  return { current, total, message };
}
