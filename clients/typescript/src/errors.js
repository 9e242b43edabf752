/** @typedef {import('./index.js').Json} Json */

/** @type {Record<number, string>} */
const KINDS = {
  [-32700]: 'rpc.parseError',
  [-32600]: 'rpc.invalidRequest',
  [-32601]: 'rpc.methodNotFound',
  [-32602]: 'rpc.invalidParams',
  [-32603]: 'rpc.internalError',
  [-32002]: 'rpc.notInitialized',
  [-32800]: 'rpc.requestCancelled',
};

/**
 * A failure with a stable `kind` to switch on. The service's errors are thrown as this, and a handler or a program throws one
 * to say what its failure is and whether another attempt can help.
 */
export class FermataError extends Error {
  /**
   * @param {string} kind
   * @param {string} message
   * @param {{retryable?: boolean, data?: Record<string, any>, code?: number, cause?: unknown}} more
   */
  constructor(kind, message, { retryable = false, data = {}, code = -32000, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.kind = kind;
    this.retryable = retryable;
    /** What else is known, such as `allowed` of a `run.invalidTransition`. */
    this.data = data;
    /** The JSON-RPC code. */
    this.code = code;
  }
}

/** The process died before it answered, so nobody knows what became of the request. */
export class EngineLost extends FermataError {
  /** @param {string} message */
  constructor(message) {
    super('engine.lost', message, { retryable: true });
  }
}

/** The run failed. `step` is the path of the step that did, where one did. */
export class RunFailed extends FermataError {
  /**
   * @param {string} runId
   * @param {Record<string, any>} error
   */
  constructor(runId, error) {
    super(error.kind ?? 'run.failed', error.message ?? 'The run failed.', { data: error });
    this.runId = runId;
    /** @type {string | undefined} */
    this.step = error.step;
  }
}

/** The run was cancelled, by whomever. */
export class RunCancelled extends FermataError {
  /**
   * @param {string} runId
   * @param {string} [reason]
   */
  constructor(runId, reason) {
    super('run.cancelled', reason ?? 'The run was cancelled.');
    this.runId = runId;
    this.reason = reason;
  }
}

/** @param {{code: number, message: string, data?: any}} error */
export function errorFromWire({ code, message, data }) {
  const kind = data?.kind ?? KINDS[code] ?? 'rpc.error';
  return new FermataError(kind, message, { retryable: data?.retryable ?? false, data: data ?? {}, code });
}

/**
 * What an exception is as a step's failure; `kind` is what one without a kind of its own gets.
 *
 * @param {unknown} error
 * @param {string} kind
 * @returns {{kind: string, message: string, retryable?: boolean, data?: Record<string, any>}}
 */
export function failureOf(error, kind) {
  if (error instanceof FermataError) {
    return { kind: error.kind, message: error.message, retryable: error.retryable, data: error.data };
  }
  return { kind, message: String(error) };
}

/**
 * What a handler's exception is on the wire.
 *
 * @param {unknown} error
 */
export function errorToWire(error) {
  const { kind, message, retryable, data } = failureOf(error, 'handler.failed');
  const code = error instanceof FermataError ? error.code : -32000;
  return { code, message, data: { ...data, kind, retryable } };
}
