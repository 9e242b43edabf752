/** Durable workflows that hold where a person must decide: the client of Fermata. Start with `Engine`. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type RunStatus = 'pending' | 'in-progress' | 'awaiting' | 'completed' | 'failed' | 'cancelled';
/** A workflow's name, or a document. */
export type WorkflowReference = string | Record<string, any>;

export interface Progress {
  current: number;
  /** 0 while nobody knows. */
  total: number;
  message?: string;
}

export interface TextDelta {
  text: string;
  /** The step that says it. */
  path: string;
  attempt: number;
  /** In UTF-8 bytes, from the start of the attempt's text. */
  offset: number;
  isThinking: boolean;
}

export interface LogEntry {
  level: 'debug' | 'info' | 'warning' | 'error';
  message: string;
  step?: string;
  seq?: number;
  at?: string;
}

/** A fact in a run's journal, or a piece of text, which has no `seq`. */
export interface RunEvent {
  type: string;
  data: Record<string, any>;
  seq?: number;
  at?: string;
  executionId?: string;
}

/** An approval or an input that a person is asked for. */
export interface Question {
  id: string;
  runId: string;
  kind: 'approval' | 'input';
  path: string;
  /** The message of an approval, the prompt of an input. */
  message: string;
  /** All that the service tells of it: `show`, `schema`, `approvers`, `expiresAt`, … */
  data: Record<string, any>;
}

export interface Vote {
  approved: boolean;
  message?: string;
  /** Who decides; the name of the user this program runs as, when it is not said. */
  approver?: string;
}

/**
 * Callbacks, plain or async, called one at a time in the order of the events.
 *
 * The two that are asked a question answer it by what they return, and are called beside the others. `undefined` leaves the
 * question open; their signal is aborted when it is answered elsewhere. One that throws ends the waiting with its error; the
 * run goes on.
 */
export interface Observers {
  onEvent?: (event: RunEvent) => unknown;
  onTextDelta?: (delta: TextDelta) => unknown;
  onStatusChange?: (status: RunStatus) => unknown;
  onProgress?: (progress: Progress) => unknown;
  onLog?: (entry: LogEntry) => unknown;
  onComplete?: (output: any) => unknown;
  onFailed?: (error: RunFailed) => unknown;
  onApprovalRequested?: (question: Question, withdrawn: AbortSignal) => Answered<boolean | Vote>;
  onInputRequested?: (question: Question, withdrawn: AbortSignal) => unknown;
}

type Answered<T> = T | undefined | void | Promise<T | undefined | void>;

export interface EngineOptions {
  /** Else the environment variable `FERMATA`, else `fermata` on the PATH. */
  executable?: string;
  args?: string[];
  /** The file where runs are kept; the service has a place of its own where none is named. */
  store?: string;
  /** Whose runs these are; `name` where it is not said. */
  namespace?: string;
  name?: string;
  /** Whether workflows may run local commands. */
  allowCommands?: boolean;
  /** How many handlers run at once: 64. */
  maxConcurrent?: number;
  user?: { name: string; roles?: string[] };
  config?: Record<string, any>;
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** False leaves a service that died dead. */
  restart?: boolean;
  /** Called when the service has died and another has taken its place. */
  onRestart?: (lost: EngineLost) => unknown;
}

export interface RunOptions extends Observers {
  /** A name of your own: asking again for the same run, after a crash too, gives that run. */
  runId?: string;
  version?: string;
  labels?: Record<string, string>;
  /** The directory the run works in. */
  cwd?: string;
  /** False only creates it. */
  start?: boolean;
  timeout?: { ms: number; action?: 'fail' | 'cancel' | 'notify'; clock?: 'active' | 'wall' };
  retry?: RetryPolicy & { from?: 'checkpoint' | 'start' };
  cancel?: { graceful?: boolean; gracefulTimeoutMs?: number; reason?: string };
  approvals?: { expiresAfterMs?: number; onExpiry?: 'expire' | 'approve'; approvers?: string[]; required?: number };
  budget?: Record<string, number>;
  /** Aborting it cancels the run. To end the waiting alone, give a signal to `run.result`. */
  signal?: AbortSignal;
}

export interface RetryPolicy {
  attempts?: number;
  delayMs?: number;
  backoff?: 'fixed' | 'linear' | 'exponential';
  maxDelayMs?: number;
  jitter?: number | boolean;
  nonRetryable?: string[];
}

export interface StepOptions {
  /** Shown where the run is looked at. */
  input?: any;
  retry?: RetryPolicy;
  timeoutMs?: number;
  onInterrupted?: 'retry' | 'ask' | 'fail';
}

/** The members that a step in a document may have, such as `retry` and `timeoutMs`, and the name it has in the journal. */
export interface PerformOptions extends Omit<StepOptions, 'input'> {
  name?: string;
  [member: string]: any;
}

export interface ApprovalOptions {
  name?: string;
  show?: any;
  approvers?: string[];
  required?: number;
  expiresAfterMs?: number;
  onExpiry?: 'expire' | 'approve';
}

export interface InputOptions {
  name?: string;
  schema?: any;
  default?: any;
  expiresAfterMs?: number;
}

export interface Decision {
  status: 'approved' | 'rejected' | 'expired';
  approved: boolean;
  approver?: string;
  message?: string;
}

/**
 * A failure with a stable `kind` to switch on. The service's errors are thrown as this, and a handler or a program throws one
 * to say what its failure is and whether another attempt can help.
 */
export class FermataError extends Error {
  constructor(
    kind: string,
    message: string,
    more?: { retryable?: boolean; data?: Record<string, any>; code?: number; cause?: unknown },
  );
  kind: string;
  retryable: boolean;
  /** What else is known, such as `allowed` of a `run.invalidTransition`. */
  data: Record<string, any>;
  /** The JSON-RPC code. */
  code: number;
}

/** The process died before it answered, so nobody knows what became of the request. */
export class EngineLost extends FermataError {
  constructor(message: string);
}

/** The run failed. `step` is the path of the step that did, where one did. */
export class RunFailed extends FermataError {
  constructor(runId: string, error: Record<string, any>);
  runId: string;
  step: string | undefined;
}

/** The run was cancelled, by whomever. */
export class RunCancelled extends FermataError {
  constructor(runId: string, reason?: string);
  runId: string;
  reason: string | undefined;
}

/** Runs workflows, and hosts their handlers and programs. The first request starts the service; when it dies it is started again. */
export class Engine {
  constructor(options?: EngineOptions);
  /** What the service said of itself when it was started. */
  info: Record<string, any>;
  /** The service's process. */
  readonly pid: number;
  /** Hosts a handler; `*` takes whatever is called. It is given the step's `with`, and leaves what it returns. */
  handler(name: string, handler: (attempt: Attempt, input: any) => any): this;
  /** Hosts a durable program. After a crash it is called again, and what its steps left is not done again. */
  workflow(name: string, program: (program: Program, input: any) => any): this;
  /** Starts the service, which the first request would do, too. Runs that were left are gone on with at once. */
  start(): Promise<void>;
  /** Ends the service. Runs that are not done stay as they are, and go on when it is started again. */
  close(): Promise<void>;
  /** Creates a run and starts it. Do not return the handle from an async function: awaiting it gives the run's output. */
  run<Output = any>(workflow: WorkflowReference, input?: unknown, options?: RunOptions): Run<Output>;
  /** Follows a run that exists, from where it stands. Its observers are asked what is open. */
  attach<Output = any>(runId: string, observers?: Observers): Run<Output>;
  /** Runs, newest first: `run/list` with its filter. */
  runs(filter?: object): Promise<Record<string, any>[]>;
  /** Makes a document known by its name. */
  register(document: object): Promise<{ name: string; version: string; warnings: any[] }>;
  /** Sends any request of the protocol. When the service dies before it answers, that is `EngineLost`. */
  request(method: string, params?: object, options?: { signal?: AbortSignal }): Promise<any>;
  /** The same for what may be asked twice: it is, when the service dies before it answers. */
  requestAgain(method: string, params?: object): Promise<any>;
}

/** A run, followed. `await run` gives its output, or throws `RunFailed` or `RunCancelled`. */
export class Run<Output = any> implements PromiseLike<Output> {
  private constructor();
  readonly id: string;
  status: RunStatus;
  isPaused: boolean;
  progress: Progress;
  /** The newest event that has arrived. */
  seq: number;
  readonly hasEnded: boolean;
  then<T = Output, E = never>(
    onOutput?: ((output: Output) => T | PromiseLike<T>) | null,
    onError?: ((error: any) => E | PromiseLike<E>) | null,
  ): Promise<T | E>;
  /** Waits for the output, and for the observers to have heard everything. Aborting the signal ends the waiting alone. */
  result(options?: { signal?: AbortSignal }): Promise<Output>;
  /** Waits until the run is known to the service: it then survives everything. */
  opened(): Promise<void>;
  /** Starts a run that was created with `start: false`. */
  start(): Promise<void>;
  /** Nothing new starts; what is under way finishes. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the run, with its cleanup; a second time, at once. */
  cancel(reason?: string): Promise<void>;
  /** Lets a run that failed or was cancelled go on from where it stood. */
  retry(): Promise<void>;
  /** Sends a signal, exactly once, also when the service dies meanwhile. */
  signal(name: string, payload?: unknown, options?: { idempotencyKey?: string }): Promise<void>;
  /** Approves the one approval that is open. */
  approve(vote?: Omit<Vote, 'approved'>): Promise<void>;
  /** Rejects the one approval that is open. */
  reject(vote?: Omit<Vote, 'approved'>): Promise<void>;
  /** Answers the one input that is open. */
  answer(value: unknown, options?: { by?: string }): Promise<void>;
  /** Answers one question of several, with what an observer would return. */
  respond(question: Question, answer: unknown, options?: { by?: string }): Promise<void>;
  /** All of `run/get`: state, input, output, what it waits for. */
  info(): Promise<Record<string, any>>;
  steps(): Promise<Record<string, any>[]>;
  /** What is open. */
  questions(): Promise<Question[]>;
  /** All that was logged. */
  logs(): Promise<LogEntry[]>;
  /** The run's events, from the first on, and its text as it comes, until the run has ended. */
  events(options?: { afterSeq?: number }): EventStream;
}

/** What one reader has yet to take: bounded, and read from the journal when the reader is slow. */
export class EventStream implements AsyncIterableIterator<RunEvent> {
  private constructor();
  static MAX_EVENTS: number;
  static MAX_BYTES: number;
  /** How many events wait to be taken. */
  readonly size: number;
  next(): Promise<IteratorResult<RunEvent, undefined>>;
  return(): Promise<IteratorResult<RunEvent, undefined>>;
  [Symbol.asyncIterator](): this;
}

/** The context of a body that this program runs: a handler's, or that of a program's step. */
export class Attempt {
  private constructor();
  readonly runId: string;
  readonly executionId: string;
  /** The step's path, unique within the run. */
  readonly path: string;
  readonly step: string;
  /** From 1. */
  readonly number: number;
  /** The same for every attempt of this step: what is done under it is done once. */
  readonly idempotencyKey: string;
  readonly handler: string | undefined;
  /** When the attempt times out, as RFC 3339. */
  readonly deadlineAt: string | undefined;
  /** Aborted when nobody wants the outcome any more. */
  readonly signal: AbortSignal;
  /** Says something: whoever follows the run reads it as it comes. */
  textDelta(text: string): Promise<void>;
  /** Writes a line to the run's log. */
  log(message: string, level?: LogEntry['level']): Promise<void>;
  progress(current: number, total?: number, message?: string): Promise<void>;
  /** Says that the attempt is alive, for steps with a `heartbeatTimeoutMs`. */
  heartbeat(): Promise<void>;
}

/**
 * Given to a program. Every call of it is recorded; after a crash what is recorded is not done again. A program must ask for the
 * same steps in the same order each time it is run with the same input: what depends on the clock, on chance or on the world
 * belongs into a `step`.
 */
export class Program {
  private constructor();
  readonly runId: string;
  readonly executionId: string;
  readonly workflow: string;
  /** Aborted when the run does not want this execution any more. */
  readonly signal: AbortSignal;
  /** Calls `body` and records what it leaves, which must be JSON, or gives what was recorded. */
  step<T>(name: string, body: (attempt: Attempt) => T | Promise<T>, options?: StepOptions): Promise<T>;
  /** Has the service perform any step, written as in a document, and gives its result. */
  perform(name: string, step: Record<string, any>): Promise<any>;
  /** A handler, of this program or another client. */
  call(handler: string, input?: unknown, options?: PerformOptions): Promise<any>;
  /** A local process. */
  command(argv: string[], options?: PerformOptions): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** A model, by `provider/model` or as an object in place. */
  agent(agent: string | Record<string, any>, prompt: string, options?: PerformOptions): Promise<Record<string, any>>;
  /** A run of another workflow; its output. */
  child(workflow: string, input?: unknown, options?: PerformOptions): Promise<any>;
  /** Holds until people have decided, however long that takes. */
  approval(message: string, options?: ApprovalOptions): Promise<Decision>;
  /** Holds until somebody has answered; the answer, which fits the JSON Schema. */
  input(prompt: string, options?: InputOptions): Promise<any>;
  /** Waits, also while no process of ours runs. */
  sleep(durationMs: number, options?: { name?: string }): Promise<void>;
  /** Waits for a signal of the run, or takes one that was kept; its payload. */
  waitForSignal(signal: string, options?: { name?: string }): Promise<any>;
}
