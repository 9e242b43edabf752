// The messages of Fermata's protocol 1.0. Written by `fermata schema`: change the service's description instead.

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

export interface RunOptions {
  /** How long an execution may take, and what happens then. */
  timeout?: {
    /** How long. */
    ms: number;
    /** What happens then; without it the run fails. */
    action?: "fail" | "cancel" | "notify" | null;
    /** Which clock counts; `active`, the default, stands while the run is paused or waits for a person. */
    clock?: "active" | "wall" | null;
  } | null;
  /** How a run that failed begins again by itself. */
  retry?: {
    /** How many executions there may be, the first included. */
    attempts?: number | null;
    /** How long to wait before the next one. */
    delayMs?: number | null;
    /** How the delay grows. */
    backoff?: "fixed" | "linear" | "exponential" | null;
    /** What the delay grows to at most. */
    maxDelayMs?: number | null;
    /** Which part of the delay is left to chance, from 0 to 1. */
    jitter?: boolean | number | null;
    /** Kinds of failure that another execution cannot help. */
    nonRetryable?: string[] | null;
    /** Where it goes on from; without it where the run stood. */
    from?: "checkpoint" | "start" | null;
  } | null;
  /** How the run is cancelled. */
  cancel?: {
    /** Whether attempts under way may finish. */
    graceful?: boolean | null;
    /** How long they may take. */
    gracefulTimeoutMs?: number | null;
    /** What is recorded when nobody says why. */
    reason?: string | null;
  } | null;
  /** What approvals take that do not say it themselves. */
  approvals?: {
    /** How long an approval stays open. */
    expiresAfterMs?: number | null;
    /** What an approval that expires comes to. */
    onExpiry?: "expire" | "approve" | null;
    /** Who may decide. */
    approvers?: string[] | null;
    /** How many must approve. */
    required?: number | null;
  } | null;
  /** What the run may use before a person is asked. */
  budget?: {
    /** How many steps the run may come to before a person is asked. */
    maxSteps?: number | null;
    /** How many tokens its models may take. */
    maxModelTokens?: number | null;
    /** What they may cost, in millionths. */
    maxCostMicros?: number | null;
  } | null;
}

export interface Session {
  /** The version that the session speaks. */
  protocolVersion: string;
  /** Who the service is. */
  serverInfo: {
    /** `fermata`. */
    name: string;
    /** Which version of it this is. */
    version: string;
  };
  /** What it can do. */
  capabilities: {
    /** What it knows of steps. */
    steps: {
      /** What a step of a workflow can be. */
      kinds: string[];
    };
    /** Whether workflows may run local commands in this session. */
    commands: boolean;
    /** The requests that it answers. */
    methods: string[];
  };
  /** What it takes at most. */
  limits: {
    /** The bytes of a message. */
    maxMessageBytes: number;
    /** The bytes of a value: an input, an output, an answer, a payload. */
    maxPayloadBytes: number;
    /** The entries of a batch. */
    maxBatch: number;
  };
  /** The hash of what `rpc.discover` gives: SHA-256, in hexadecimal. */
  schemaHash: string;
  /** What it found in its store. */
  recovered: {
    /** How many runs nobody performs. */
    runs: number;
  };
}

export interface Setting {
  /** What it is called. */
  name: string;
  /** What it is. */
  value: Json;
  /** Where it came from. */
  layer: "default" | "environment" | "user" | "workspace" | "initialize" | "flag" | "run";
  /** The file that says it. */
  file?: string;
}

export interface ConfigurationFile {
  /** What it speaks for. */
  layer: "default" | "environment" | "user" | "workspace" | "initialize" | "flag" | "run";
  /** Where it is. */
  path: string;
  /** Whether there is one. */
  isThere: boolean;
}

export interface Problem {
  /** Where in the document: a JSON pointer. */
  pointer: string;
  /** Whether the document is refused for it. */
  severity: "error" | "warning";
  /** A stable kind: `document.missingMember`, `flow.unknownTarget`, … */
  kind: string;
  /** What is wrong, in a sentence. */
  message: string;
  /** How to mend it. */
  hint?: string;
}

export interface RegisteredWorkflow {
  /** What the workflow is called. */
  name: string;
  /** The hash of its content; absent for a program that the client hosts. */
  version?: string;
  /** True for a program that the client hosts. */
  hosted?: boolean;
  /** What the workflow is for. */
  description?: Json;
  /** When this version was registered. */
  registeredAt?: string;
}

export interface CreatedRun {
  /** The run. */
  runId: string;
  /** The number of the run's newest event. */
  seq: number;
  /** Where the run is in its life. */
  status: RunStatus;
  /** The execution, where the run has one. */
  executionId?: string;
}

export type RunStatus = "pending" | "in-progress" | "awaiting" | "completed" | "failed" | "cancelled";

export interface RunHandle {
  /** The run. */
  runId: string;
  /** Where the run is in its life. */
  status: RunStatus;
  /** Whether nothing new starts until `run/resume`. */
  isPaused: boolean;
  /** The number of the run's newest event. */
  seq: number;
  /** The newest execution; absent before the first start. */
  executionId?: string;
}

export interface ImportedRun {
  /** The run. */
  runId: string;
  /** The number of the run's newest event. */
  seq: number;
  /** Where the run is in its life. */
  status: RunStatus;
  /** The execution, where the run has one. */
  executionId?: string;
  /** How many runs the file had. */
  runs: number;
}

export interface RunDetails {
  /** The run. */
  runId: string;
  /** What the run is a run of. */
  workflow: WorkflowVersion;
  /** Where the run is in its life. */
  status: RunStatus;
  /** Whether nothing new starts until `run/resume`. */
  isPaused: boolean;
  /** True while a cancelled run finishes, cleans up and undoes. */
  cancelRequested?: boolean;
  /** What stands between the run and its going on. */
  waitingFor?: Wait[];
  /** The number of the run's newest event; 0 where it cannot be read. */
  seq: number;
  /** The directory the run works in. */
  cwd: string;
  /** Whose run it is. */
  namespace: string;
  /** The newest execution; absent before the first start. */
  executionId?: string;
  /** Why the run failed. */
  error?: Failure;
  /** Why the run was cancelled, where somebody said. */
  cancelReason?: string;
  /** How far the run has come. */
  progress: Progress;
  /** What the run's agents took, of all attempts. */
  usage: ModelUsage;
  /** What its creator wrote on it. */
  labels: { [member: string]: Json };
  /** The run whose step this one is. */
  parent?: {
    /** The parent. */
    runId: string;
    /** The path of the step that waits for this run. */
    path: string;
  };
  /** The run whose past this one began with. */
  origin?: Origin;
  /** When the run was created. */
  createdAt: string;
  /** When it was first started. */
  startedAt?: string;
  /** When it ended. */
  endedAt?: string;
  /** The run's state. */
  state: { [member: string]: Json };
  /** What the run was given; null when nothing was. */
  input: Json;
  /** What a completed run left. */
  output?: Json;
}

export interface WorkflowVersion {
  /** What the workflow is called. */
  name: string;
  /** The hash of its content. */
  version: string;
}

export interface Wait {
  /** Whom or what it waits for. */
  kind: "person" | "signal" | "timer" | "handler" | "permission" | "child";
  /** The path of the step that waits. */
  path?: string;
  /** The question, where it waits for a person. */
  interactionId?: string;
  /** The signal's name. */
  signal?: string;
  /** When the timer ends. */
  until?: string;
  /** The handler, or the program, that nobody hosts. */
  handler?: string;
  /** What is not permitted, or what is wrong with the program. */
  message?: string;
  /** The step that a changed program should have asked for. */
  expected?: string;
  /** What it asked for instead. */
  found?: string;
  /** The child run. */
  runId?: string;
}

export interface Failure {
  /** A stable kind to switch on, or what a handler said. */
  kind: string;
  /** A sentence for a person. */
  message: string;
  /** Whether another attempt may help. */
  retryable: boolean;
  /** The path of the step whose failure it is. */
  step?: string;
  /** What else is known, such as what a command wrote. */
  details?: Json;
}

export interface Progress {
  /** How many steps are done. */
  current: number;
  /** How many there are, as far as one can know; 0 when unknown. */
  total: number;
  /** What goes on, in words. */
  message?: string;
}

export interface ModelUsage {
  /** What went in. */
  inputTokens?: number;
  /** What came out. */
  outputTokens?: number;
  /** What was read from a cache. */
  cacheReadTokens?: number;
  /** What was written to one. */
  cacheWriteTokens?: number;
  /** What it cost, in millionths of the currency that prices are in. */
  costMicros?: number;
  /** How often a model answered. */
  modelTurns?: number;
  /** How often it called a tool. */
  toolCalls?: number;
}

export interface Origin {
  /** That run, as it was called where it was. */
  runId: string;
  /** Its last event that was taken. */
  seq: number;
}

export interface RunSummary {
  /** The run. */
  runId: string;
  /** What the run is a run of. */
  workflow: WorkflowVersion;
  /** Where the run is in its life. */
  status: RunStatus;
  /** Whether nothing new starts until `run/resume`. */
  isPaused: boolean;
  /** True while a cancelled run finishes, cleans up and undoes. */
  cancelRequested?: boolean;
  /** What stands between the run and its going on. */
  waitingFor?: Wait[];
  /** The number of the run's newest event; 0 where it cannot be read. */
  seq: number;
  /** The directory the run works in. */
  cwd: string;
  /** Whose run it is. */
  namespace: string;
  /** The newest execution; absent before the first start. */
  executionId?: string;
  /** Why the run failed. */
  error?: Failure;
  /** Why the run was cancelled, where somebody said. */
  cancelReason?: string;
  /** How far the run has come. */
  progress: Progress;
  /** What the run's agents took, of all attempts. */
  usage: ModelUsage;
  /** What its creator wrote on it. */
  labels: { [member: string]: Json };
  /** The run whose step this one is. */
  parent?: {
    /** The parent. */
    runId: string;
    /** The path of the step that waits for this run. */
    path: string;
  };
  /** The run whose past this one began with. */
  origin?: Origin;
  /** When the run was created. */
  createdAt: string;
  /** When it was first started. */
  startedAt?: string;
  /** When it ended. */
  endedAt?: string;
}

export interface RunResult {
  /** The run. */
  runId: string;
  /** Where the run is in its life. */
  status: RunStatus;
  /** What a completed run leaves. */
  output?: Json;
  /** Why a failed run failed. */
  error?: Failure;
  /** Why a cancelled run was cancelled, where somebody said. */
  reason?: string;
}

export interface PrunedRun {
  /** The run. */
  runId: string;
  /** What its workflow was called. */
  workflow: string;
  /** What it ended with. */
  status: RunStatus;
  /** When it ended. */
  endedAt?: string;
  /** How many children go with it. */
  children: number;
}

export interface Event {
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The method of its notification. */
  type: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The notification's own members. */
  data: { [member: string]: Json };
}

export interface StepEntry {
  /** The step's path. */
  path: string;
  /** The step's name. */
  step: string;
  /** What the step does, such as `call` or `approval`. */
  kind: string;
  /** How often the flow had come to the step before. */
  iteration: number;
  /** Where the step is. */
  status: "pending" | "running" | "awaiting" | "retrying" | "completed" | "failed" | "cancelled";
  /** Its last attempt, from 1; 0 before the first. */
  attempt: number;
  /** What its body got; null when nothing. */
  input: Json;
  /** What it left. */
  output?: Json;
  /** Why it failed. */
  error?: Failure;
  /** When it was entered. */
  startedAt: string;
  /** When it ended. */
  endedAt?: string;
  /** How long it took. */
  durationMs?: number;
}

export interface DecisionEntry {
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The step's path. */
  path: string;
  /** The name of the step that was done. */
  from: string;
  /** The name of the step that follows, or END. */
  to: string;
  /** The condition that was true, where there was a choice. */
  condition?: string;
  /** Its value. */
  value?: Json;
  /** Why, in words. */
  reason: string;
}

export interface LogEntry {
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** How much it matters. */
  level: "debug" | "info" | "warning" | "error";
  /** What was said. */
  message: string;
  /** The path of the step that said it. */
  step?: string;
}

export interface Interaction {
  /** The run that asks. */
  runId: string;
  /** The execution that asks. */
  executionId: string;
  /** The question. */
  interactionId: string;
  /** Whether it asks for a decision or for a value. */
  kind: "approval" | "input";
  /** The path of the step that asks. */
  path: string;
  /** What an approval asks. */
  message?: string;
  /** What an input asks. */
  prompt?: string;
  /** What the person should see to decide. */
  show?: Json;
  /** Who may decide; absent means anyone. */
  approvers?: string[];
  /** How many must approve. */
  required?: number;
  /** Present where it approves itself when it expires. */
  onExpiry?: "approve";
  /** The JSON Schema that an input's answer must fit. */
  schema?: Json;
  /** What an expired input answers itself with. */
  default?: Json;
  /** What was decided so far. */
  votes: Vote[];
  /** Why the service asks, where no step does. */
  reason?: "interrupted" | "budget" | "tool";
  /** Until when an answer is taken. */
  expiresAt?: string;
  /** When it was asked. */
  createdAt: string;
}

export interface Vote {
  /** Who decided, as the host asserts. */
  approver: string;
  /** What they decided. */
  decision: "approved" | "rejected";
  /** A word with it. */
  message?: string;
  /** When they decided. */
  at: string;
}

export interface Answer {
  /** The question. */
  interactionId: string;
  /** Whether it is settled now. */
  resolved: boolean;
  /** The number of the run's newest event. */
  seq: number;
}

export interface ModelMessage {
  /** Who says it. */
  role: "user" | "assistant" | "tool";
  /** What the user or the assistant says. */
  text?: string;
  /** What the assistant calls. */
  toolCalls?: ToolCall[];
  /** What came with the assistant's answer. */
  state?: Json;
  /** Of a tool: the call it answers. */
  callId?: string;
  /** What the tool is called. */
  tool?: string;
  /** What the tool left. */
  output?: Json;
  /** Why it left nothing. */
  error?: Failure;
}

export interface ToolCall {
  /** The model's own name for the call; the service always has one. */
  callId?: string;
  /** What the tool is called. */
  tool: string;
  /** What it is given; an empty object where absent. */
  input?: Json;
}

export interface ModelTool {
  /** What it is called. */
  name: string;
  /** What it does. */
  description: string;
  /** The JSON Schema of what it is given. */
  input: Json;
}

export interface ModelAnswer {
  /** What the model says; without it what was streamed. */
  text?: string;
  /** What it calls before it goes on. */
  toolCalls?: ToolCall[];
  /** What the turn took. */
  usage?: ModelUsage;
  /** What the provider must see again in the next request. */
  state?: Json;
  /** Why it ended before its end, if it did. */
  stopReason?: "length" | "refusal";
}

export interface Decision {
  /** The name of the step that was done. */
  from: string;
  /** The name of the step that follows, or END. */
  to: string;
  /** The condition that was true, where there was a choice. */
  condition?: string;
  /** Its value. */
  value?: Json;
  /** Why, in words. */
  reason: string;
}

/** Opens the session: the first request of all. */
export interface InitializeParams {
  /** The version that the client speaks. */
  protocolVersion?: string | null;
  /** Who the client is. */
  clientInfo?: {
    /** What the client is called; the session's namespace, where it names none. */
    name: string;
    /** Which version of it this is. */
    version?: string | null;
  } | null;
  /** The client's process: the service exits when it dies. */
  processId?: number | null;
  /** Whose runs these are; without it the client's name, else `default`. */
  namespace?: string | null;
  /** The person that the host speaks for. */
  user?: {
    /** Their name. */
    name: string;
    /** Roles that they may decide in. */
    roles?: string[] | null;
  } | null;
  /** Where runs are kept: a path, or `memory:` for a store that ends with the session. */
  store?: string | null;
  /** Settings of this session. */
  config?: {
    /** For how many days runs that ended are kept; without it until somebody removes them. */
    retentionDays?: number | null;
    /** Servers of the Model Context Protocol, by names of your choice. */
    mcpServers?: { [member: string]: {
      /** The program and its arguments. */
      command: string[];
      /** Variables of its environment. */
      env?: { [member: string]: string | {
        /** The environment variable that holds the text. */
        secret: string;
      } } | null;
      /** The directory that it works in. */
      cwd?: string | null;
    } } | null;
    /** Where models are, by names of your choice. */
    providers?: { [member: string]: {
      /** What it speaks; without it what its name says. */
      kind?: "anthropic" | "openai" | "command" | "scripted" | null;
      /** Where it is, where that is another place than usual. */
      baseURL?: string | null;
      /** The environment variable that holds the key. */
      apiKeyEnv?: string | null;
      /** Headers to send with each request. */
      headers?: { [member: string]: string | {
        /** The environment variable that holds the text. */
        secret: string;
      } } | null;
      /** A command's program and arguments, without a shell. */
      command?: string[] | null;
      /** Variables of a command's environment. */
      env?: { [member: string]: string | {
        /** The environment variable that holds the text. */
        secret: string;
      } } | null;
      /** How a command's output is read; without it as text. */
      format?: "text" | "jsonLines" | null;
      /** Where a script's answers are. */
      path?: string | null;
      /** What models cost, by their names. */
      prices?: { [member: string]: {
        /** What goes in. */
        input: number;
        /** What comes out. */
        output: number;
        /** What is read from a cache; without it as what goes in. */
        cacheRead?: number | null;
        /** What is written to a cache; without it as what goes in. */
        cacheWrite?: number | null;
      } } | null;
    } } | null;
    /** A file that keeps what models and their tools say, or that says it again. */
    recording?: {
      /** What the file is for. */
      mode: "record" | "replay" | "off";
      /** The file; needed but for `off`. */
      path?: string | null;
    } | null;
    /** What is covered in all that is kept and told. */
    secrets?: {
      /** Environment variables whose values are secret, beside those of keys. */
      names?: string[] | null;
    } | null;
    /** Options of the runs that do not say otherwise. */
    runs?: RunOptions | null;
    /** Agents that documents may name, as documents declare their own. */
    agents?: { [member: string]: Json } | null;
  } | null;
  /** What the client does for the service. */
  capabilities?: {
    /** The steps that it performs. */
    steps?: {
      /** The handlers it hosts; `*` hosts whatever is called. */
      handlers?: string[] | null;
      /** How many steps it performs at once; without it any number. */
      maxConcurrent?: number | null;
    } | null;
    /** The programs it hosts; `*` hosts whatever is called. */
    workflows?: string[] | null;
    /** The models it hosts, without their provider; `*` hosts whatever is asked. */
    models?: string[] | null;
    /** Whether workflows may run local commands. */
    commands?: boolean | null;
    /** What it wants to be told. */
    notifications?: {
      /** Methods of notifications that it does not want. */
      optOut?: string[] | null;
    } | null;
  } | null;
}

/** Gives this very description of the protocol. */
export interface RpcDiscoverParams {
}

export type RpcDiscoverResult = { [member: string]: Json };

/** Ends the session. */
export interface ShutdownParams {
}

export type ShutdownResult = null;

/** Tells whether the service and its store answer. */
export interface HealthCheckParams {
}

export interface HealthCheckResult {
  /** It is an error when they do not. */
  status: "ok";
}

/** Counts what people who watch a service want to know. */
export interface StatsGetParams {
}

export interface StatsGetResult {
  /** How many runs there are, by their status. */
  runs: { [member: string]: number };
  /** How many step bodies are under way. */
  attempts: number;
  /** How many runs this session is told of. */
  subscriptions: number;
  /** How long the session has lasted. */
  uptimeMs: number;
}

/** Tells each setting, and which layer it came from. */
export interface ConfigGetParams {
  /** A run, to tell also what it says itself. */
  runId?: string | null;
}

export interface ConfigGetResult {
  /** The settings; of providers and servers their names. */
  settings: Setting[];
  /** What was set, one by one: `providers.local.baseURL`. */
  fields: Setting[];
  /** The files of configuration, the weakest first. */
  files: ConfigurationFile[];
}

/** Evaluates an expression, for editors and tests. */
export interface ExpressionEvaluateParams {
  /** CEL, without the marks `${` and `}` around it. */
  expression: string;
  /** What each name in it is. */
  bindings?: { [member: string]: Json } | null;
}

export interface ExpressionEvaluateResult {
  /** What it evaluates to. */
  value: Json;
}

/** Keeps a workflow under its name, so that runs can be made of it. */
export interface WorkflowRegisterParams {
  /** The workflow; workflow.schema.json describes it. */
  document: Json;
}

export interface WorkflowRegisterResult {
  /** What the workflow is called. */
  name: string;
  /** The hash of its content. */
  version: string;
  /** What is doubtful though allowed. */
  warnings: Problem[];
}

/** Tells everything that is wrong with a document, and where. */
export interface WorkflowValidateParams {
  /** What may be a workflow. */
  document: Json;
}

export interface WorkflowValidateResult {
  /** Whether it is a workflow. */
  valid: boolean;
  /** What is wrong, and what is doubtful though allowed. */
  problems: Problem[];
}

/** Lists the newest version of each registered workflow. */
export interface WorkflowListParams {
}

export interface WorkflowListResult {
  /** By their names. */
  workflows: RegisteredWorkflow[];
}

/** Gives a registered workflow's document. */
export interface WorkflowGetParams {
  /** What the workflow is called. */
  name: string;
  /** That very version; without it the newest. */
  version?: string | null;
  /** Whether to write each pattern as the flow that it is. */
  expanded?: boolean | null;
}

export interface WorkflowGetResult {
  /** What the workflow is called. */
  name: string;
  /** The hash of its content. */
  version: string;
  /** The document; expanded, with a flow in place of each pattern. */
  document: { [member: string]: Json };
}

/** Draws a workflow, or where a run of it stands. */
export interface WorkflowDiagramParams {
  /** The run whose standing is drawn. */
  runId?: string | null;
  /** A registered workflow's name, or a document in place. */
  workflow?: string | { [member: string]: Json } | null;
  /** That very version of the workflow of that name. */
  version?: string | null;
  /** Mermaid when absent. */
  format?: "mermaid" | "dot" | "svg" | null;
}

export interface WorkflowDiagramResult {
  /** How it is drawn. */
  format: "mermaid" | "dot" | "svg";
  /** The picture, as text. */
  diagram: string;
}

/** Forgets a workflow's name; runs that were made of it go on. */
export interface WorkflowUnregisterParams {
  /** What the workflow is called. */
  name: string;
}

export interface WorkflowUnregisterResult {
  /** What the workflow was called. */
  name: string;
}

/** Makes a run of a workflow, and starts it where asked to. */
export interface RunCreateParams {
  /** A registered workflow's name, or a document in place. */
  workflow: string | { [member: string]: Json };
  /** That very version of the workflow of that name. */
  version?: string | null;
  /** What the workflow is given; it must fit the workflow's input schema. */
  input?: Json;
  /** How the run is to be treated. */
  options?: RunOptions | null;
  /** What to call the run; without it the service chooses. */
  runId?: string | null;
  /** The same key with the same request makes no second run. */
  idempotencyKey?: string | null;
  /** What to write on the run, for `run/list` to filter by. */
  labels?: { [member: string]: Json } | null;
  /** Whether to start it at once. */
  start?: boolean | null;
  /** The directory the run works in; without it the service's own. */
  cwd?: string | null;
}

/** Starts a run that is pending. */
export interface RunStartParams {
  /** The run. */
  runId: string;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** Starts nothing more of a run until it is resumed. */
export interface RunPauseParams {
  /** The run. */
  runId: string;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** Lets a paused run go on, and its children with it. */
export interface RunResumeParams {
  /** The run. */
  runId: string;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** Ends a run that has not ended, and its children with it. */
export interface RunCancelParams {
  /** The run. */
  runId: string;
  /** Why, for the record. */
  reason?: string | null;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** Begins a new execution of a failed or cancelled run, from where it stood. */
export interface RunRetryParams {
  /** The run. */
  runId: string;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** Writes a run with its children, as they are at one moment, as one file. */
export interface RunExportParams {
  /** The run. */
  runId: string;
  /** Where the file goes; without it the answer holds it. */
  path?: string | null;
}

export interface RunExportResult {
  /** The run. */
  runId: string;
  /** How many runs the file has: the run, and its children. */
  runs: number;
  /** How long it is. */
  bytes: number;
  /** Where it is, where the request said so. */
  path?: string;
  /** The file, where the request named no path. */
  document?: string;
}

/** Adds the runs of an exported file; they go on here as after a recovery. */
export interface RunImportParams {
  /** The file; or else `document`. */
  path?: string | null;
  /** The file's content; or else `path`. */
  document?: string | null;
  /** What the run is called here; another id than its own makes it another run. */
  runId?: string | null;
  /** Whose it is here; without it the session's. */
  namespace?: string | null;
}

/** Makes a run that begins with what another had recorded up to a place. */
export interface RunForkParams {
  /** The run whose past is taken. */
  runId: string;
  /** The last event that is taken; or else `fromStep`. */
  fromSeq?: number | null;
  /** The path of the step that begins anew; or else `fromSeq`. */
  fromStep?: string | null;
  /** What is another from there on. */
  changes?: {
    /** The input; it must fit the workflow's input schema. */
    input?: Json;
    /** The members of the state that are other ones. */
    state?: { [member: string]: Json } | null;
  } | null;
  /** What to call the fork; without it the service chooses. */
  newRunId?: string | null;
  /** The same key with the same request makes no second run. */
  idempotencyKey?: string | null;
  /** Whether to start it at once. */
  start?: boolean | null;
}

/** Tells all that is known of a run now. */
export interface RunGetParams {
  /** The run. */
  runId: string;
}

/** Lists runs, newest first. */
export interface RunListParams {
  /** Whose runs; without it those of the session, and `*` those of all. */
  namespace?: string | null;
  /** Where to go on: the `nextCursor` of the page before. */
  cursor?: string | null;
  /** How many runs at most: 50 when absent, and never more than 1,000. */
  limit?: number | null;
  /** Which runs; each member must hold. */
  filter?: {
    /** Runs with one of these statuses. */
    status?: string | string[] | null;
    /** Runs of the workflow of this name. */
    workflow?: string | null;
    /** Runs that bear these labels. */
    labels?: { [member: string]: Json } | null;
    /** Runs created after this moment, RFC 3339. */
    createdAfter?: string | null;
    /** Runs created before this moment, RFC 3339. */
    createdBefore?: string | null;
    /** The children of this run. */
    parent?: string | null;
    /** Runs that are paused, or that are not. */
    isPaused?: boolean | null;
  } | null;
}

export interface RunListResult {
  /** The runs, without state, input and output. */
  runs: RunSummary[];
  /** The `cursor` of the next page; absent on the last one. */
  nextCursor?: string;
}

/** Answers when the run has ended, with what it left. */
export interface RunResultParams {
  /** The run. */
  runId: string;
  /** How long to wait at most; without it until the end. */
  waitMs?: number | null;
}

/** Removes runs that ended long ago, with their children, a page at a time. */
export interface RunPruneParams {
  /** How long ago they ended at least, in milliseconds. */
  olderThanMs: number;
  /** What they ended with; without it whatever it was. */
  status?: string[] | null;
  /** Whose runs; without it those of the session, and `*` those of all. */
  namespace?: string | null;
  /** Whether it is only told what would go. */
  dryRun?: boolean | null;
  /** How many runs at most: 100 when absent, and never more than 1,000. */
  limit?: number | null;
  /** Where to go on: the `nextCursor` of the page before. */
  cursor?: string | null;
}

export interface RunPruneResult {
  /** What went, or would go. */
  runs: PrunedRun[];
  /** How many versions of workflows went. */
  workflows: number;
  /** How many idempotency keys went. */
  idempotencyKeys: number;
  /** The `cursor` of the next page; absent on the last one. */
  nextCursor?: string;
}

/** Removes a run that is pending or has ended, with its history and its children. */
export interface RunDeleteParams {
  /** The run. */
  runId: string;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

export interface RunDeleteResult {
  /** The run. */
  runId: string;
  /** The number of the last event that there was. */
  seq: number;
}

/** Asks, from a program, whether a step is recorded, and for leave to run its body. */
export interface StepBeginParams {
  /** Of the `workflow/execute` whose program asks. */
  executionId: string;
  /** What the step is called: unique in the run. */
  key: string;
  /** What its body gets, for the record. */
  input?: Json;
  /** How often, and how soon, the step is tried again. */
  retry?: Json;
  /** How long an attempt may take. */
  timeoutMs?: Json;
  /** How long it may say nothing. */
  heartbeatTimeoutMs?: Json;
  /** What becomes of an attempt with an unknown end: `retry`, `ask` or `fail`. */
  onInterrupted?: Json;
}

export interface StepBeginResult {
  /** What the step left. */
  recorded?: Json;
  /** Why it failed. */
  failed?: Failure;
  /** The number of the attempt that the client is to make. */
  attempt?: number;
  /** The same for every attempt of the step. */
  idempotencyKey?: string;
}

/** Has the service perform a step of a program: an approval, a wait, a command, whatever a document can say. */
export interface StepPerformParams {
  /** Of the `workflow/execute` whose program asks. */
  executionId: string;
  /** What the step is called: unique in the run. */
  key: string;
  /** The step as a document writes it, without `next`. */
  step: { [member: string]: Json };
}

export interface StepPerformResult {
  /** What the step leaves. */
  output: Json;
}

/** Says, from a program, how the body of a step has ended. */
export interface StepCompleteParams {
  /** Of the `workflow/execute` whose program ran the body. */
  executionId: string;
  /** What the step is called. */
  key: string;
  /** What it leaves; null where absent. */
  output?: Json;
  /** Instead of an output: why there is none. */
  error?: {
    /** A stable kind; without it `step.failed`. */
    kind?: string | null;
    /** A sentence for a person. */
    message: string;
    /** Whether another attempt may help; without it true. */
    retryable?: boolean | null;
    /** What else is known. */
    data?: Json;
  } | null;
}

export interface StepCompleteResult {
  /** The number of the run's newest event. */
  seq: number;
  /** The number of the next attempt. */
  attempt?: number;
  /** How long until then. */
  retryAfterMs?: number;
  /** Why the step had failed already. */
  failed?: Failure;
}

/** Gives a page of a run's journal. */
export interface RunEventsParams {
  /** The run. */
  runId: string;
  /** The event after which to begin; 0, the default, is before the first. */
  afterSeq?: number | null;
  /** How many events at most: 1,000 when absent, and never more than 10,000. */
  limit?: number | null;
  /** How many bytes at most: 1 MiB when absent, and never more than 8 MiB. */
  maxBytes?: number | null;
}

export interface RunEventsResult {
  /** The events, in their order. */
  events: Event[];
  /** The first event that there is. */
  oldestSeq: number;
  /** The newest event that there is. */
  lastSeq: number;
  /** The `afterSeq` of the next page; absent on the last one. */
  nextAfterSeq?: number;
}

/** Sends the events after `afterSeq` and then goes live, with nothing between lost or doubled. */
export interface RunSubscribeParams {
  /** The run. */
  runId: string;
  /** The last event that the client has; 0, the default, begins with the first. */
  afterSeq?: number | null;
}

export interface RunSubscribeResult {
  /** The run. */
  runId: string;
  /** The number of the run's newest event. */
  seq: number;
}

/** Tells nothing more of a run. */
export interface RunUnsubscribeParams {
  /** The run. */
  runId: string;
}

export interface RunUnsubscribeResult {
  /** The run. */
  runId: string;
  /** False. */
  subscribed: boolean;
}

/** Lists the steps that a run has entered, one for each path. */
export interface RunStepsParams {
  /** The run. */
  runId: string;
}

export interface RunStepsResult {
  /** In the order they were entered. */
  steps: StepEntry[];
}

/** Lists why a run went from one step to another. */
export interface RunDecisionsParams {
  /** The run. */
  runId: string;
}

export interface RunDecisionsResult {
  /** In their order. */
  decisions: DecisionEntry[];
}

/** Gives a page of a run's log. */
export interface RunLogsParams {
  /** The run. */
  runId: string;
  /** The event after which to begin; 0, the default, is before the first. */
  afterSeq?: number | null;
  /** How many entries at most: 1,000 when absent, and never more than 10,000. */
  limit?: number | null;
}

export interface RunLogsResult {
  /** The entries, in their order. */
  entries: LogEntry[];
  /** The `afterSeq` of the next page; absent on the last one. */
  nextAfterSeq?: number;
}

/** Tells a run's state, now or as it was after an event. */
export interface RunStateParams {
  /** The run. */
  runId: string;
  /** The event; without it the newest. */
  atSeq?: number | null;
}

export interface RunStateResult {
  /** The run. */
  runId: string;
  /** After which event the state was this. */
  seq: number;
  /** The state. */
  state: { [member: string]: Json };
}

/** Lists all open questions, oldest first. */
export interface ExecutionInteractionsParams {
  /** Those of this run alone. */
  runId?: string | null;
  /** Whose runs; without it those of the session, and `*` those of all. */
  namespace?: string | null;
}

export interface ExecutionInteractionsResult {
  /** The questions. */
  interactions: Interaction[];
}

/** Sends a named signal to a run. */
export interface ExecutionSignalParams {
  /** The run. */
  runId: string;
  /** The signal's name. */
  name: string;
  /** What it says; the result of the wait. */
  payload?: Json;
  /** The same key with the same signal changes nothing the second time. */
  idempotencyKey?: string | null;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** Answers an input. */
export interface ExecutionRespondInputParams {
  /** The question. */
  interactionId?: string | null;
  /** Instead of the question, while exactly one of its kind is open in this execution. */
  executionId?: string | null;
  /** The answer; absent counts as null. */
  value?: Json;
  /** Who answers; without it the user that `initialize` named. */
  by?: string | null;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** Decides an approval. */
export interface ExecutionRespondApprovalParams {
  /** The question. */
  interactionId?: string | null;
  /** Instead of the question, while exactly one of its kind is open in this execution. */
  executionId?: string | null;
  /** What is decided. */
  decision: "approved" | "rejected";
  /** Who decides; without it the user that `initialize` named. */
  approver?: string | null;
  /** A word with the decision. */
  message?: string | null;
  /** The run's newest event as the client knows it; where it has moved on the request is refused. */
  expectedSeq?: number | null;
}

/** The client is ready for requests and notifications: effects begin. */
export interface InitializedParams {
}

/** Ends the process: exit code 0 after `shutdown`, else 1. */
export interface ExitParams {
}

/** The sender does not want the answer any more. */
export interface CancelRequestParams {
  /** The id of the request. */
  id: string | number | null;
}

/** A hosted attempt says something. */
export interface StepTextDeltaParams {
  /** The run, as `step/execute` named it. */
  runId?: string | null;
  /** The execution, as `step/execute` named it. */
  executionId?: string | null;
  /** The step's path, as `step/execute` named it. */
  path?: string | null;
  /** The step's name, as `step/execute` named it. */
  stepId?: string | null;
  /** The attempt, as `step/execute` named it. */
  attempt?: number | null;
  /** What comes after all it has said before. */
  text: string;
}

/** A model that the client hosts says something. */
export interface ModelTextDeltaParams {
  /** The run, as `step/execute` named it. */
  runId?: string | null;
  /** The execution, as `step/execute` named it. */
  executionId?: string | null;
  /** The step's path, as `step/execute` named it. */
  path?: string | null;
  /** The step's name, as `step/execute` named it. */
  stepId?: string | null;
  /** The attempt, as `step/execute` named it. */
  attempt?: number | null;
  /** What comes after all it has said before. */
  text: string;
}

/** A model that the client hosts thinks before it speaks. */
export interface ModelThinkingDeltaParams {
  /** The run, as `step/execute` named it. */
  runId?: string | null;
  /** The execution, as `step/execute` named it. */
  executionId?: string | null;
  /** The step's path, as `step/execute` named it. */
  path?: string | null;
  /** The step's name, as `step/execute` named it. */
  stepId?: string | null;
  /** The attempt, as `step/execute` named it. */
  attempt?: number | null;
  /** What comes after all it has thought before. */
  text: string;
}

/** A hosted attempt writes a line to the run's log. */
export interface StepLogParams {
  /** The run, as `step/execute` named it. */
  runId?: string | null;
  /** The execution, as `step/execute` named it. */
  executionId?: string | null;
  /** The step's path, as `step/execute` named it. */
  path?: string | null;
  /** The step's name, as `step/execute` named it. */
  stepId?: string | null;
  /** The attempt, as `step/execute` named it. */
  attempt?: number | null;
  /** `debug`, `info` (the default), `warning` or `error`. */
  level?: string | null;
  /** The line. */
  message: string;
}

/** How far a hosted attempt has come. */
export interface StepProgressParams {
  /** The run, as `step/execute` named it. */
  runId?: string | null;
  /** The execution, as `step/execute` named it. */
  executionId?: string | null;
  /** The step's path, as `step/execute` named it. */
  path?: string | null;
  /** The step's name, as `step/execute` named it. */
  stepId?: string | null;
  /** The attempt, as `step/execute` named it. */
  attempt?: number | null;
  /** How much is done. */
  current: number;
  /** How much there is; absent when unknown. */
  total?: number | null;
  /** What goes on, in words. */
  message?: string | null;
}

/** A hosted attempt is alive. */
export interface StepHeartbeatParams {
  /** The run, as `step/execute` named it. */
  runId?: string | null;
  /** The execution, as `step/execute` named it. */
  executionId?: string | null;
  /** The step's path, as `step/execute` named it. */
  path?: string | null;
  /** The step's name, as `step/execute` named it. */
  stepId?: string | null;
  /** The attempt, as `step/execute` named it. */
  attempt?: number | null;
}

/** Asks the client to perform a step. */
export interface StepExecuteParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to. */
  executionId: string;
  /** The step's name. */
  stepId: string;
  /** The step's path. */
  path: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** The same for every attempt: what makes the step's effects happen once. */
  idempotencyKey: string;
  /** Which handler is called. */
  handler: string;
  /** The step's `with`, evaluated; an empty object when it has none. */
  input: Json;
  /** When the attempt is given up. */
  deadlineAt?: string;
}

export interface StepExecuteResult {
  /** What the step leaves; null where absent. */
  output?: Json;
}

/** Asks the client for the next turn of an agent's conversation with a model that it hosts. */
export interface ModelGenerateParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to. */
  executionId: string;
  /** The step's name. */
  stepId: string;
  /** The step's path. */
  path: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** When the attempt is given up. */
  deadlineAt?: string;
  /** Which model, without its provider. */
  model: string;
  /** Its instructions. */
  system?: string;
  /** What was said so far, oldest first; they only grow. */
  messages: ModelMessage[];
  /** What it may call. */
  tools?: ModelTool[];
  /** The JSON Schema that the last answer must fit. */
  output?: Json;
  /** How long the answer may be. */
  maxTokens?: number;
  /** How free it is. */
  temperature?: number;
  /** How broad it is. */
  topP?: number;
  /** How much it may think. */
  thinkingTokens?: number;
  /** Texts that end the answer. */
  stop?: string[];
}

/** Asks the client to run a program that it hosts. */
export interface WorkflowExecuteParams {
  /** The run. */
  runId: string;
  /** The execution, which the program names in all that it asks. */
  executionId: string;
  /** Which program is called. */
  workflow: string;
  /** What the run was given; null when nothing was. */
  input: Json;
  /** When the run's timeout passes. */
  deadlineAt?: string;
}

export interface WorkflowExecuteResult {
  /** The run's output; null where absent. */
  output?: Json;
}

/** A run was created. */
export interface RunCreatedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** What its workflow is called. */
  workflow: string;
  /** The hash of the workflow's content. */
  version: string;
  /** Whose run it is. */
  namespace: string;
  /** The directory the run works in. */
  cwd: string;
  /** What it was given. */
  input?: Json;
  /** How it is to be treated, as it was asked for. */
  options?: { [member: string]: Json };
  /** What its creator wrote on it. */
  labels?: { [member: string]: Json };
  /** Who asked for it, as the host named itself. */
  client?: string;
  /** The run whose step this one is. */
  parent?: {
    /** The parent. */
    runId: string;
    /** The path of the step that waits for this run. */
    path: string;
    /** How many runs are above this one. */
    depth: number;
  };
}

/** A run begins with the past of another, whose events come before this one. */
export interface RunForkedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The other run, and its last event that was taken. */
  origin: Origin;
  /** Whose the fork is. */
  namespace: string;
  /** The input from here on, where it is another. */
  input?: Json;
  /** The members of the state that are other ones from here on. */
  state?: { [member: string]: Json };
  /** Who asked for it, as the host named itself. */
  client?: string;
}

/** A run came from another store, as a file. */
export interface RunImportedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The run as it was called there, and its last event that came. */
  origin: Origin;
  /** Whose it is here. */
  namespace: string;
  /** True where it was a step of a run that did not come along. */
  leavesParent?: boolean;
  /** Who asked for it, as the host named itself. */
  client?: string;
}

/** A run's status, or whether it is paused, is another one. */
export interface RunStatusChangedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** Where the run is now. */
  status: RunStatus;
  /** Whether nothing new starts until `run/resume`. */
  isPaused: boolean;
  /** Where it was. */
  previous: RunStatus;
  /** Where an execution that is not the first goes on. */
  from?: "checkpoint" | "start";
}

/** A run has done all it had to do. */
export interface RunCompletedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** What it leaves. */
  output: Json;
}

/** A run has failed, and will not begin again by itself. */
export interface RunFailedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** Why. */
  error: Failure;
}

/** A run was cancelled. */
export interface RunCancelledParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** Why, where somebody said. */
  reason?: string;
}

/** A run's timeout has passed. */
export interface RunTimedOutParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** How long it was. */
  ms: number;
  /** What happens for it. */
  action: "fail" | "cancel" | "notify";
  /** Which clock counted. */
  clock: "active" | "wall";
}

/** A run is on its way to its end: attempts finish, then it cleans up and undoes. */
export interface RunEndingParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** How it will end. */
  status: "failed" | "cancelled";
  /** Why it fails. */
  error?: Failure;
  /** Why it is cancelled, where somebody said. */
  reason?: string;
  /** Until when attempts under way may finish. */
  graceUntil?: string;
}

/** An execution has failed, and the next one begins by itself. */
export interface RunRetryScheduledParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** Why it failed. */
  error: Failure;
  /** When the next one begins. */
  willRetryAt: string;
}

/** An attempt of a step has begun. */
export interface StepStartedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The step's path. */
  path: string;
  /** The step's name. */
  step: string;
  /** What the step does, such as `call` or `approval`. */
  kind: string;
  /** How often the flow had come to the step before. */
  iteration: number;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** What its body gets; told with the first attempt. */
  input?: Json;
  /** When a wait ends. */
  until?: string;
  /** What a step of a program is; told with the first attempt. */
  definition?: { [member: string]: Json };
}

/** A step is done. */
export interface StepCompletedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The step's path. */
  path: string;
  /** The step's name. */
  step: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** What it leaves. */
  output: Json;
  /** The members of the state that changed. */
  set?: { [member: string]: Json };
  /** Where the flow goes, and why. */
  decision: Decision;
  /** How far the run has come. */
  progress: Progress;
  /** What the output says to the pattern that the step is part of. */
  reading?: Json;
  /** What the scope leaves that ends with this step. */
  scopeResult?: Json;
}

/** An attempt of a step has failed. */
export interface StepFailedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The step's path. */
  path: string;
  /** The step's name. */
  step: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** Why. */
  error: Failure;
  /** When the next attempt begins; absent where there is none. */
  willRetryAt?: string;
  /** Where the flow goes, where the step says so. */
  decision?: Decision;
  /** What the scope leaves that ends with this step. */
  scopeResult?: Json;
}

/** A run asks a person for a value. */
export interface ExecutionInputRequestedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The question. */
  interactionId: string;
  /** Whether it asks for a decision or for a value. */
  kind: "approval" | "input";
  /** The path of the step that asks. */
  path: string;
  /** What an approval asks. */
  message?: string;
  /** What an input asks. */
  prompt?: string;
  /** What the person should see to decide. */
  show?: Json;
  /** Who may decide; absent means anyone. */
  approvers?: string[];
  /** How many must approve. */
  required?: number;
  /** Present where it approves itself when it expires. */
  onExpiry?: "approve";
  /** The JSON Schema that an input's answer must fit. */
  schema?: Json;
  /** What an expired input answers itself with. */
  default?: Json;
  /** What was decided so far. */
  votes: Vote[];
  /** Why the service asks, where no step does. */
  reason?: "interrupted" | "budget" | "tool";
  /** Until when an answer is taken. */
  expiresAt?: string;
  /** When it was asked. */
  createdAt: string;
}

/** A run asks a person for a decision. */
export interface ExecutionApprovalRequestedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The question. */
  interactionId: string;
  /** Whether it asks for a decision or for a value. */
  kind: "approval" | "input";
  /** The path of the step that asks. */
  path: string;
  /** What an approval asks. */
  message?: string;
  /** What an input asks. */
  prompt?: string;
  /** What the person should see to decide. */
  show?: Json;
  /** Who may decide; absent means anyone. */
  approvers?: string[];
  /** How many must approve. */
  required?: number;
  /** Present where it approves itself when it expires. */
  onExpiry?: "approve";
  /** The JSON Schema that an input's answer must fit. */
  schema?: Json;
  /** What an expired input answers itself with. */
  default?: Json;
  /** What was decided so far. */
  votes: Vote[];
  /** Why the service asks, where no step does. */
  reason?: "interrupted" | "budget" | "tool";
  /** Until when an answer is taken. */
  expiresAt?: string;
  /** When it was asked. */
  createdAt: string;
}

/** Somebody decided, and the approval is not settled yet. */
export interface ExecutionVoteRecordedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The question. */
  interactionId: string;
  /** Who decided what. */
  vote: Vote;
}

/** A question is settled. */
export interface ExecutionInteractionResolvedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The question. */
  interactionId: string;
  /** Whether it asked for a decision or for a value. */
  kind: "approval" | "input";
  /** The step's path. */
  path: string;
  /** What it came to. */
  status: "approved" | "rejected" | "answered" | "expired";
  /** An input's answer. */
  value?: Json;
  /** Who decided. */
  approver?: string;
  /** Who answered. */
  by?: string;
  /** A word with it. */
  message?: string;
  /** The host that said so. */
  client?: string;
}

/** A signal came. */
export interface ExecutionSignalReceivedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The signal's name. */
  name: string;
  /** What it says. */
  payload?: Json;
  /** What its sender knows it by. */
  idempotencyKey?: string;
}

/** An agent's model has answered. */
export interface AgentTurnedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The step's path. */
  path: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** Which turn of the attempt it is, from 1. */
  turn: number;
  /** What it said. */
  text: string;
  /** What the turn took; what is absent is 0. */
  usage: ModelUsage;
  /** What its provider must see again. */
  state?: Json;
  /** How much it has thought, in bytes as they were told. */
  thoughtBytes?: number;
  /** Why it ended before its end, if it did. */
  stopReason?: "length" | "refusal";
  /** True where the agent's verification now looks at the answer. */
  verified?: boolean;
}

/** An agent's model is told why its answer is not the last one. */
export interface AgentToldParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The step's path. */
  path: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** What it is told. */
  text: string;
}

/** An agent's model has called a tool. */
export interface ToolCalledParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The path of the call, which is a step. */
  path: string;
  /** The path of the agent's step. */
  agent: string;
  /** What the tool is called. */
  tool: string;
  /** The model's own name for the call. */
  callId: string;
  /** What the model gives the tool. */
  input: Json;
  /** The attempt that starts with the call; absent where a `step/started` tells of it later. */
  attempt?: number;
}

/** A tool has given what the model is told. */
export interface ToolReturnedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The path of the call. */
  path: string;
  /** What the tool is called. */
  tool: string;
  /** What it left. */
  output?: Json;
  /** Why it left nothing. */
  error?: Failure;
}

/** Something was written to the run's log. */
export interface ExecutionLogParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** How much it matters. */
  level: "debug" | "info" | "warning" | "error";
  /** What was said. */
  message: string;
  /** The path of the step that said it. */
  step?: string;
}

/** A step has changed the state. */
export interface RunStateChangedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The members that changed, with their new values. */
  changes: { [member: string]: Json };
}

/** How far a run has come. */
export interface RunProgressParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** How many steps are done. */
  current: number;
  /** How many there are, as far as one can know; 0 when unknown. */
  total: number;
  /** What goes on, in words. */
  message?: string;
}

/** A run goes from one step to another. */
export interface StepDecidedParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to; absent before the first start. */
  executionId?: string;
  /** The event's number in the run's journal, from 1. */
  seq: number;
  /** When it happened. */
  at: string;
  /** The step's path. */
  path: string;
  /** The name of the step that was done. */
  from: string;
  /** The name of the step that follows, or END. */
  to: string;
  /** The condition that was true, where there was a choice. */
  condition?: string;
  /** Its value. */
  value?: Json;
  /** Why, in words. */
  reason: string;
}

/** An attempt says something. */
export interface ExecutionTextDeltaParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to. */
  executionId?: string;
  /** The step's name. */
  stepId: string;
  /** The step's path. */
  path: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** Where the text begins, in UTF-8 bytes of all that came before. */
  offset: number;
  /** The text. */
  text: string;
}

/** A model thinks before it speaks. */
export interface ExecutionThinkingDeltaParams {
  /** The run. */
  runId: string;
  /** The execution it belongs to. */
  executionId?: string;
  /** The step's name. */
  stepId: string;
  /** The step's path. */
  path: string;
  /** The number of the attempt, from 1. */
  attempt: number;
  /** Where the text begins, in UTF-8 bytes of all that came before. */
  offset: number;
  /** The text. */
  text: string;
}

/** What a client may ask. */
export interface Requests {
  "initialize": { params: InitializeParams; result: Session };
  "rpc.discover": { params: RpcDiscoverParams; result: RpcDiscoverResult };
  "shutdown": { params: ShutdownParams; result: ShutdownResult };
  "health/check": { params: HealthCheckParams; result: HealthCheckResult };
  "stats/get": { params: StatsGetParams; result: StatsGetResult };
  "config/get": { params: ConfigGetParams; result: ConfigGetResult };
  "expression/evaluate": { params: ExpressionEvaluateParams; result: ExpressionEvaluateResult };
  "workflow/register": { params: WorkflowRegisterParams; result: WorkflowRegisterResult };
  "workflow/validate": { params: WorkflowValidateParams; result: WorkflowValidateResult };
  "workflow/list": { params: WorkflowListParams; result: WorkflowListResult };
  "workflow/get": { params: WorkflowGetParams; result: WorkflowGetResult };
  "workflow/diagram": { params: WorkflowDiagramParams; result: WorkflowDiagramResult };
  "workflow/unregister": { params: WorkflowUnregisterParams; result: WorkflowUnregisterResult };
  "run/create": { params: RunCreateParams; result: CreatedRun };
  "run/start": { params: RunStartParams; result: RunHandle };
  "run/pause": { params: RunPauseParams; result: RunHandle };
  "run/resume": { params: RunResumeParams; result: RunHandle };
  "run/cancel": { params: RunCancelParams; result: RunHandle };
  "run/retry": { params: RunRetryParams; result: RunHandle };
  "run/export": { params: RunExportParams; result: RunExportResult };
  "run/import": { params: RunImportParams; result: ImportedRun };
  "run/fork": { params: RunForkParams; result: CreatedRun };
  "run/get": { params: RunGetParams; result: RunDetails };
  "run/list": { params: RunListParams; result: RunListResult };
  "run/result": { params: RunResultParams; result: RunResult };
  "run/prune": { params: RunPruneParams; result: RunPruneResult };
  "run/delete": { params: RunDeleteParams; result: RunDeleteResult };
  "step/begin": { params: StepBeginParams; result: StepBeginResult };
  "step/perform": { params: StepPerformParams; result: StepPerformResult };
  "step/complete": { params: StepCompleteParams; result: StepCompleteResult };
  "run/events": { params: RunEventsParams; result: RunEventsResult };
  "run/subscribe": { params: RunSubscribeParams; result: RunSubscribeResult };
  "run/unsubscribe": { params: RunUnsubscribeParams; result: RunUnsubscribeResult };
  "run/steps": { params: RunStepsParams; result: RunStepsResult };
  "run/decisions": { params: RunDecisionsParams; result: RunDecisionsResult };
  "run/logs": { params: RunLogsParams; result: RunLogsResult };
  "run/state": { params: RunStateParams; result: RunStateResult };
  "execution/interactions": { params: ExecutionInteractionsParams; result: ExecutionInteractionsResult };
  "execution/signal": { params: ExecutionSignalParams; result: RunHandle };
  "execution/respondInput": { params: ExecutionRespondInputParams; result: Answer };
  "execution/respondApproval": { params: ExecutionRespondApprovalParams; result: Answer };
}

/** What the service asks of a client. */
export interface ServerRequests {
  "step/execute": { params: StepExecuteParams; result: StepExecuteResult };
  "model/generate": { params: ModelGenerateParams; result: ModelAnswer };
  "workflow/execute": { params: WorkflowExecuteParams; result: WorkflowExecuteResult };
}

/** What a client may tell. */
export interface Notifications {
  "initialized": { params: InitializedParams };
  "exit": { params: ExitParams };
  "$/cancelRequest": { params: CancelRequestParams };
  "step/textDelta": { params: StepTextDeltaParams };
  "model/textDelta": { params: ModelTextDeltaParams };
  "model/thinkingDelta": { params: ModelThinkingDeltaParams };
  "step/log": { params: StepLogParams };
  "step/progress": { params: StepProgressParams };
  "step/heartbeat": { params: StepHeartbeatParams };
}

/** What the service tells. */
export interface ServerNotifications {
  "$/cancelRequest": { params: CancelRequestParams };
  "run/created": { params: RunCreatedParams };
  "run/forked": { params: RunForkedParams };
  "run/imported": { params: RunImportedParams };
  "run/statusChanged": { params: RunStatusChangedParams };
  "run/completed": { params: RunCompletedParams };
  "run/failed": { params: RunFailedParams };
  "run/cancelled": { params: RunCancelledParams };
  "run/timedOut": { params: RunTimedOutParams };
  "run/ending": { params: RunEndingParams };
  "run/retryScheduled": { params: RunRetryScheduledParams };
  "step/started": { params: StepStartedParams };
  "step/completed": { params: StepCompletedParams };
  "step/failed": { params: StepFailedParams };
  "execution/inputRequested": { params: ExecutionInputRequestedParams };
  "execution/approvalRequested": { params: ExecutionApprovalRequestedParams };
  "execution/voteRecorded": { params: ExecutionVoteRecordedParams };
  "execution/interactionResolved": { params: ExecutionInteractionResolvedParams };
  "execution/signalReceived": { params: ExecutionSignalReceivedParams };
  "agent/turned": { params: AgentTurnedParams };
  "agent/told": { params: AgentToldParams };
  "tool/called": { params: ToolCalledParams };
  "tool/returned": { params: ToolReturnedParams };
  "execution/log": { params: ExecutionLogParams };
  "run/stateChanged": { params: RunStateChangedParams };
  "run/progress": { params: RunProgressParams };
  "step/decided": { params: StepDecidedParams };
  "execution/textDelta": { params: ExecutionTextDeltaParams };
  "execution/thinkingDelta": { params: ExecutionThinkingDeltaParams };
}

/** `error.data.kind` of an error with code -32000. */
export type ErrorKind =
  | "workflow.notFound"
  | "workflow.invalid"
  | "workflow.changed"
  | "run.notFound"
  | "run.invalidTransition"
  | "run.exists"
  | "export.corrupt"
  | "run.seqConflict"
  | "execution.notFound"
  | "step.duplicateKey"
  | "step.notBegun"
  | "input.invalid"
  | "interaction.notFound"
  | "interaction.ambiguous"
  | "interaction.alreadyResolved"
  | "interaction.expired"
  | "approval.notAnApprover"
  | "idempotency.conflict"
  | "step.handlerMissing"
  | "config.invalid"
  | "config.forbidden"
  | "expression.syntax"
  | "expression.evaluation"
  | "expression.notJSON"
  | "expression.budget"
  | "request.duplicateId"
  | "store.unavailable"
  | "store.corrupt"
  | "message.tooLarge"
  | "payload.tooLarge"
  | "server.shuttingDown"
  | "limit.exceeded";
