// A run's events as they come, each once and in order, however slowly they are taken.

/** @typedef {import('./index.js').RunEvent} RunEvent */

const TEXT = new Set(['execution/textDelta', 'execution/thinkingDelta']);
const ENDS = new Set(['step/completed', 'step/failed']);
/** Told beside the journal's events, with the seq of the newest. */
export const PROGRESS = 'run/progress';

/** @param {string} method */
export const isText = (method) => TEXT.has(method);
/** @param {RunEvent} event */
export const endsAttempt = (event) => ENDS.has(event.type);
/** @param {RunEvent} event */
export const attemptKey = ({ data }) => `${data.attempt} ${data.path}`;

/**
 * @param {string} type
 * @param {Record<string, any>} params
 * @returns {RunEvent}
 */
export function eventFrom(type, { runId: _, executionId, seq, at, ...data }) {
  return { type, data, seq, at, executionId };
}

/** Pieces of one attempt's text that nobody has taken yet: they are taken as one. */
class Said {
  #first;
  /** @type {string[]} */
  #pieces;

  /** @param {RunEvent} first */
  constructor(first) {
    this.#first = first;
    this.#pieces = [first.data.text];
  }

  /** @param {RunEvent} event */
  takes(event) {
    return event.type === this.#first.type && attemptKey(event) === attemptKey(this.#first);
  }

  /** @param {RunEvent} event */
  add(event) {
    this.#pieces.push(event.data.text);
  }

  /** @returns {RunEvent} */
  joined() {
    return { ...this.#first, data: { ...this.#first.data, text: this.#pieces.join('') } };
  }
}

/**
 * What one reader has yet to take.
 *
 * The buffer is bounded. When it is full the stream lags: what comes is let go, and read from the journal (`run/events`) once
 * there is room. So a slow reader costs no memory, delays no other, and misses no event. Pieces of text are joined; when an
 * attempt ends while its reader lags, its text is let go: the journal has its result.
 *
 * @implements {AsyncIterableIterator<RunEvent>}
 */
export class EventStream {
  static MAX_EVENTS = 1024;
  static MAX_BYTES = 4 << 20;

  #run;
  #seq;
  /** @type {{item: RunEvent | Said, size: number}[]} */
  #buffer = [];
  #bytes = 0;
  #lags;
  /**
   * By attempt, while the stream lags.
   *
   * @type {Map<string, Said>}
   */
  #said = new Map();
  #isClosed = false;
  /** @type {unknown} */
  #error;
  /** @type {(() => void)[]} */
  #sleepers = [];
  /**
   * One after the other, as with a generator.
   *
   * @type {Promise<unknown>}
   */
  #turn = Promise.resolve();

  /**
   * @param {import('./run.js').Run} run
   * @param {number} afterSeq
   */
  constructor(run, afterSeq) {
    this.#run = run;
    this.#seq = afterSeq;
    this.#lags = afterSeq < run.seq;
  }

  /** How many events wait to be taken. */
  get size() {
    return this.#buffer.length;
  }

  /**
   * What has just arrived.
   *
   * @param {RunEvent} event
   * @param {number} size what it took on the wire
   */
  push(event, size) {
    if (isText(event.type)) this.#pushText(event, size);
    else if (event.type === PROGRESS || (event.seq ?? 0) > this.#seq) this.#pushFact(event, size);
    this.wake();
  }

  /** @type {(event: RunEvent, size: number) => void} */
  #pushFact(event, size) {
    if (endsAttempt(event)) this.#said.delete(attemptKey(event));
    this.#lags ||= !this.#hasRoom(size) || (event.seq ?? 0) > this.#seq + 1;
    if (this.#lags) return;
    this.#append(event, size);
    this.#seq = event.seq ?? this.#seq;
  }

  /** @type {(event: RunEvent, size: number) => void} */
  #pushText(event, size) {
    const last = this.#buffer.at(-1);
    this.#lags ||= !this.#hasRoom(size);
    if (this.#lags) {
      const said = this.#said.get(attemptKey(event));
      if (said) said.add(event);
      else this.#said.set(attemptKey(event), new Said(event));
    } else if (last?.item instanceof Said && last.item.takes(event)) {
      last.item.add(event);
      last.size += size;
      this.#bytes += size;
    } else {
      this.#append(new Said(event), size);
    }
  }

  /**
   * Always for one, however large it is.
   *
   * @param {number} size
   */
  #hasRoom(size) {
    const count = this.#buffer.length;
    return count === 0 || (count < EventStream.MAX_EVENTS && this.#bytes + size <= EventStream.MAX_BYTES);
  }

  /** @type {(item: RunEvent | Said, size: number) => void} */
  #append(item, size) {
    this.#buffer.push({ item, size });
    this.#bytes += size;
  }

  wake() {
    const sleepers = this.#sleepers;
    this.#sleepers = [];
    for (const wake of sleepers) wake();
  }

  /** @param {unknown} [error] */
  close(error) {
    this.#isClosed = true;
    this.#error = error;
    this.wake();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  /**
   * The next event. The stream ends with the run.
   *
   * @returns {Promise<IteratorResult<RunEvent, undefined>>}
   */
  next() {
    const next = this.#turn.then(() => this.#next());
    this.#turn = next.catch(() => {});
    return next;
  }

  /** @returns {Promise<IteratorResult<RunEvent, undefined>>} */
  async return() {
    this.close();
    this.#run.forget(this);
    return { done: true, value: undefined };
  }

  /** @returns {Promise<IteratorResult<RunEvent, undefined>>} */
  async #next() {
    for (;;) {
      const first = this.#buffer.shift();
      if (first) {
        this.#bytes -= first.size;
        return { done: false, value: first.item instanceof Said ? first.item.joined() : first.item };
      }
      if (this.#isClosed && this.#error) throw this.#error;
      if (this.#isClosed) return { done: true, value: undefined };
      if (this.#lags) await this.#catchUp();
      else if (this.#run.hasEnded && this.#seq >= this.#run.seq) await this.return();
      else await new Promise((resolve) => this.#sleepers.push(/** @type {() => void} */ (resolve)));
    }
  }

  async #catchUp() {
    const page = await this.#run.requestAgain('run/events', { afterSeq: this.#seq, limit: 256, maxBytes: 1 << 20 });
    for (const { type, data, ...rest } of page.events) {
      const event = eventFrom(type, { ...data, ...rest });
      const key = attemptKey(event);
      const said = endsAttempt(event) ? this.#said.get(key) : undefined;
      if (said) {
        this.#append(said.joined(), 0);
        this.#said.delete(key);
      }
      this.#append(event, 0);
      this.#seq = rest.seq;
    }
    if (this.#seq < Math.max(page.lastSeq, this.#run.seq)) return;
    for (const said of this.#said.values()) this.#append(said, 0);
    this.#said.clear();
    this.#lags = false;
  }
}
