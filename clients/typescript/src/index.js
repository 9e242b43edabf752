// Durable workflows that hold where a person must decide: the client of Fermata. Start with `Engine`.

export { Attempt } from './attempt.js';
export { Engine } from './engine.js';
export { EngineLost, FermataError, RunCancelled, RunFailed } from './errors.js';
export { EventStream } from './events.js';
export { Program } from './program.js';
export { Run } from './run.js';
