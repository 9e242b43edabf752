// What the service asks of this program: handlers to perform, and programs to run.

import { Attempt } from './attempt.js';
import { FermataError, errorToWire } from './errors.js';
import { Program } from './program.js';

/** @typedef {import('./connection.js').Connection} Connection */
/** @typedef {(context: any, input: any) => any} Body */

/** Performs the service's requests, and answers each once. */
export class Host {
  /** @type {Map<string, Body>} */
  handlers = new Map();
  /** @type {Map<string, Body>} */
  programs = new Map();
  /** @type {Map<number, AbortController>} */
  #calls = new Map();

  /**
   * @param {Connection} connection
   * @param {number} id
   * @param {string} method
   * @param {any} params
   */
  async receive(connection, id, method, params) {
    const call = new AbortController();
    this.#calls.set(id, call);
    let answer;
    try {
      const output = await this.#perform(connection, call.signal, method, params);
      answer = { result: { output: output === undefined ? null : output } };
      JSON.stringify(answer);
    } catch (error) {
      answer = error === ABANDONED ? undefined : { error: errorToWire(error) };
    }
    if (this.#calls.get(id) === call) this.#calls.delete(id);
    if (answer && connection.isAlive && call.signal.reason !== ABANDONED) connection.answer(id, answer);
  }

  /** @param {number} id */
  cancel(id) {
    this.#calls.get(id)?.abort(new FermataError('step.cancelled', 'It was called off.', { code: -32800 }));
  }

  /** Nobody takes the answers any more: the service asks again when it comes back. */
  abandon() {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.abort(ABANDONED);
  }

  /** @type {(connection: Connection, signal: AbortSignal, method: string, params: any) => Promise<any>} */
  async #perform(connection, signal, method, params) {
    if (method === 'step/execute') {
      const handler = this.handlers.get(params.handler) ?? this.handlers.get('*');
      if (handler) return handler(new Attempt(connection, signal, params), params.input);
    } else if (method === 'workflow/execute') {
      const program = this.programs.get(params.workflow) ?? this.programs.get('*');
      if (program) return runProgram(program, new Program(connection, signal, params), params.input);
    }
    throw new FermataError('rpc.methodNotFound', `Nobody hosts ${method} here.`, { code: -32601 });
  }
}

/** @type {(program: Body, context: Program, input: any) => Promise<any>} */
async function runProgram(program, context, input) {
  try {
    return await program(context, input);
  } finally {
    if (context.isGivenUp) throw ABANDONED;
  }
}

const ABANDONED = new FermataError('engine.lost', 'The service is gone, and will ask again.');
