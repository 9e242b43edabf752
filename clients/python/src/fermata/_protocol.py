"""The messages of Fermata's protocol 1.0.

Written by `fermata schema`: change the service's description instead.
"""

from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, TypedDict, Union


class _RunOptionsTimeout(TypedDict):
    ms: int


class RunOptionsTimeout(_RunOptionsTimeout, total=False):
    action: Optional[Literal["fail", "cancel", "notify"]]
    clock: Optional[Literal["active", "wall"]]


_RunOptionsRetryReserved = TypedDict("_RunOptionsRetryReserved", {"from": Optional[Literal["checkpoint", "start"]]}, total=False)


class RunOptionsRetry(_RunOptionsRetryReserved, total=False):
    attempts: Optional[int]
    delayMs: Optional[int]
    backoff: Optional[Literal["fixed", "linear", "exponential"]]
    maxDelayMs: Optional[int]
    jitter: Optional[Union[bool, float]]
    nonRetryable: Optional[List[str]]


class RunOptionsCancel(TypedDict, total=False):
    graceful: Optional[bool]
    gracefulTimeoutMs: Optional[int]
    reason: Optional[str]


class RunOptionsApprovals(TypedDict, total=False):
    expiresAfterMs: Optional[int]
    onExpiry: Optional[Literal["expire", "approve"]]
    approvers: Optional[List[str]]
    required: Optional[int]


class RunOptionsBudget(TypedDict, total=False):
    maxSteps: Optional[int]
    maxModelTokens: Optional[int]
    maxCostMicros: Optional[int]


class RunOptions(TypedDict, total=False):
    timeout: Optional["RunOptionsTimeout"]
    retry: Optional["RunOptionsRetry"]
    cancel: Optional["RunOptionsCancel"]
    approvals: Optional["RunOptionsApprovals"]
    budget: Optional["RunOptionsBudget"]


class SessionServerInfo(TypedDict):
    name: str
    version: str


class SessionCapabilitiesSteps(TypedDict):
    kinds: List[str]


class SessionCapabilities(TypedDict):
    steps: "SessionCapabilitiesSteps"
    commands: bool
    methods: List[str]


class SessionLimits(TypedDict):
    maxMessageBytes: int
    maxPayloadBytes: int
    maxBatch: int


class SessionRecovered(TypedDict):
    runs: int


class Session(TypedDict):
    protocolVersion: str
    serverInfo: "SessionServerInfo"
    capabilities: "SessionCapabilities"
    limits: "SessionLimits"
    schemaHash: str
    recovered: "SessionRecovered"


class _Setting(TypedDict):
    name: str
    value: Any
    layer: Literal["default", "environment", "user", "workspace", "initialize", "flag", "run"]


class Setting(_Setting, total=False):
    file: str


class ConfigurationFile(TypedDict):
    layer: Literal["default", "environment", "user", "workspace", "initialize", "flag", "run"]
    path: str
    isThere: bool


class _Problem(TypedDict):
    pointer: str
    severity: Literal["error", "warning"]
    kind: str
    message: str


class Problem(_Problem, total=False):
    hint: str


class _RegisteredWorkflow(TypedDict):
    name: str


class RegisteredWorkflow(_RegisteredWorkflow, total=False):
    version: str
    hosted: bool
    description: Any
    registeredAt: str


class _CreatedRun(TypedDict):
    runId: str
    seq: int
    status: "RunStatus"


class CreatedRun(_CreatedRun, total=False):
    executionId: str


RunStatus = Literal["pending", "in-progress", "awaiting", "completed", "failed", "cancelled"]


class _RunHandle(TypedDict):
    runId: str
    status: "RunStatus"
    isPaused: bool
    seq: int


class RunHandle(_RunHandle, total=False):
    executionId: str


class _ImportedRun(TypedDict):
    runId: str
    seq: int
    status: "RunStatus"
    runs: int


class ImportedRun(_ImportedRun, total=False):
    executionId: str


class RunDetailsParent(TypedDict):
    runId: str
    path: str


class _RunDetails(TypedDict):
    runId: str
    workflow: "WorkflowVersion"
    status: "RunStatus"
    isPaused: bool
    seq: int
    cwd: str
    namespace: str
    progress: "Progress"
    usage: "ModelUsage"
    labels: Dict[str, Any]
    createdAt: str
    state: Dict[str, Any]
    input: Any


class RunDetails(_RunDetails, total=False):
    cancelRequested: bool
    waitingFor: List["Wait"]
    executionId: str
    error: "Failure"
    cancelReason: str
    parent: "RunDetailsParent"
    origin: "Origin"
    startedAt: str
    endedAt: str
    output: Any


class WorkflowVersion(TypedDict):
    name: str
    version: str


class _Wait(TypedDict):
    kind: Literal["person", "signal", "timer", "handler", "permission", "child"]


class Wait(_Wait, total=False):
    path: str
    interactionId: str
    signal: str
    until: str
    handler: str
    message: str
    expected: str
    found: str
    runId: str


class _Failure(TypedDict):
    kind: str
    message: str
    retryable: bool


class Failure(_Failure, total=False):
    step: str
    details: Any


class _Progress(TypedDict):
    current: int
    total: int


class Progress(_Progress, total=False):
    message: str


class ModelUsage(TypedDict, total=False):
    inputTokens: int
    outputTokens: int
    cacheReadTokens: int
    cacheWriteTokens: int
    costMicros: int
    modelTurns: int
    toolCalls: int


class Origin(TypedDict):
    runId: str
    seq: int


class RunSummaryParent(TypedDict):
    runId: str
    path: str


class _RunSummary(TypedDict):
    runId: str
    workflow: "WorkflowVersion"
    status: "RunStatus"
    isPaused: bool
    seq: int
    cwd: str
    namespace: str
    progress: "Progress"
    usage: "ModelUsage"
    labels: Dict[str, Any]
    createdAt: str


class RunSummary(_RunSummary, total=False):
    cancelRequested: bool
    waitingFor: List["Wait"]
    executionId: str
    error: "Failure"
    cancelReason: str
    parent: "RunSummaryParent"
    origin: "Origin"
    startedAt: str
    endedAt: str


class _RunResult(TypedDict):
    runId: str
    status: "RunStatus"


class RunResult(_RunResult, total=False):
    output: Any
    error: "Failure"
    reason: str


class _PrunedRun(TypedDict):
    runId: str
    workflow: str
    status: "RunStatus"
    children: int


class PrunedRun(_PrunedRun, total=False):
    endedAt: str


class _Event(TypedDict):
    seq: int
    at: str
    type: str
    data: Dict[str, Any]


class Event(_Event, total=False):
    executionId: str


class _StepEntry(TypedDict):
    path: str
    step: str
    kind: str
    iteration: int
    status: Literal["pending", "running", "awaiting", "retrying", "completed", "failed", "cancelled"]
    attempt: int
    input: Any
    startedAt: str


class StepEntry(_StepEntry, total=False):
    output: Any
    error: "Failure"
    endedAt: str
    durationMs: int


_DecisionEntryReserved = TypedDict("_DecisionEntryReserved", {"from": str})


class _DecisionEntry(TypedDict):
    seq: int
    at: str
    path: str
    to: str
    reason: str


class DecisionEntry(_DecisionEntryReserved, _DecisionEntry, total=False):
    condition: str
    value: Any


class _LogEntry(TypedDict):
    seq: int
    at: str
    level: Literal["debug", "info", "warning", "error"]
    message: str


class LogEntry(_LogEntry, total=False):
    step: str


class _Interaction(TypedDict):
    runId: str
    executionId: str
    interactionId: str
    kind: Literal["approval", "input"]
    path: str
    votes: List["Vote"]
    createdAt: str


class Interaction(_Interaction, total=False):
    message: str
    prompt: str
    show: Any
    approvers: List[str]
    required: int
    onExpiry: Literal["approve"]
    schema: Any
    default: Any
    reason: Literal["interrupted", "budget", "tool"]
    expiresAt: str


class _Vote(TypedDict):
    approver: str
    decision: Literal["approved", "rejected"]
    at: str


class Vote(_Vote, total=False):
    message: str


class Answer(TypedDict):
    interactionId: str
    resolved: bool
    seq: int


class _ModelMessage(TypedDict):
    role: Literal["user", "assistant", "tool"]


class ModelMessage(_ModelMessage, total=False):
    text: str
    toolCalls: List["ToolCall"]
    state: Any
    callId: str
    tool: str
    output: Any
    error: "Failure"


class _ToolCall(TypedDict):
    tool: str


class ToolCall(_ToolCall, total=False):
    callId: str
    input: Any


class ModelTool(TypedDict):
    name: str
    description: str
    input: Any


class ModelAnswer(TypedDict, total=False):
    text: str
    toolCalls: List["ToolCall"]
    usage: "ModelUsage"
    state: Any
    stopReason: Literal["length", "refusal"]


_DecisionReserved = TypedDict("_DecisionReserved", {"from": str})


class _Decision(TypedDict):
    to: str
    reason: str


class Decision(_DecisionReserved, _Decision, total=False):
    condition: str
    value: Any


class _InitializeParamsClientInfo(TypedDict):
    name: str


class InitializeParamsClientInfo(_InitializeParamsClientInfo, total=False):
    version: Optional[str]


class _InitializeParamsUser(TypedDict):
    name: str


class InitializeParamsUser(_InitializeParamsUser, total=False):
    roles: Optional[List[str]]


class InitializeParamsConfigMcpServersEnv(TypedDict):
    secret: str


class _InitializeParamsConfigMcpServers(TypedDict):
    command: List[str]


class InitializeParamsConfigMcpServers(_InitializeParamsConfigMcpServers, total=False):
    env: Optional[Dict[str, Union[str, "InitializeParamsConfigMcpServersEnv"]]]
    cwd: Optional[str]


class InitializeParamsConfigProvidersHeaders(TypedDict):
    secret: str


class InitializeParamsConfigProvidersEnv(TypedDict):
    secret: str


class _InitializeParamsConfigProvidersPrices(TypedDict):
    input: float
    output: float


class InitializeParamsConfigProvidersPrices(_InitializeParamsConfigProvidersPrices, total=False):
    cacheRead: Optional[float]
    cacheWrite: Optional[float]


class InitializeParamsConfigProviders(TypedDict, total=False):
    kind: Optional[Literal["anthropic", "openai", "command", "scripted"]]
    baseURL: Optional[str]
    apiKeyEnv: Optional[str]
    headers: Optional[Dict[str, Union[str, "InitializeParamsConfigProvidersHeaders"]]]
    command: Optional[List[str]]
    env: Optional[Dict[str, Union[str, "InitializeParamsConfigProvidersEnv"]]]
    format: Optional[Literal["text", "jsonLines"]]
    path: Optional[str]
    prices: Optional[Dict[str, "InitializeParamsConfigProvidersPrices"]]


class _InitializeParamsConfigRecording(TypedDict):
    mode: Literal["record", "replay", "off"]


class InitializeParamsConfigRecording(_InitializeParamsConfigRecording, total=False):
    path: Optional[str]


class InitializeParamsConfigSecrets(TypedDict, total=False):
    names: Optional[List[str]]


class InitializeParamsConfig(TypedDict, total=False):
    retentionDays: Optional[int]
    mcpServers: Optional[Dict[str, "InitializeParamsConfigMcpServers"]]
    providers: Optional[Dict[str, "InitializeParamsConfigProviders"]]
    recording: Optional["InitializeParamsConfigRecording"]
    secrets: Optional["InitializeParamsConfigSecrets"]
    runs: Optional["RunOptions"]
    agents: Optional[Dict[str, Any]]


class InitializeParamsCapabilitiesSteps(TypedDict, total=False):
    handlers: Optional[List[str]]
    maxConcurrent: Optional[int]


class InitializeParamsCapabilitiesNotifications(TypedDict, total=False):
    optOut: Optional[List[str]]


class InitializeParamsCapabilities(TypedDict, total=False):
    steps: Optional["InitializeParamsCapabilitiesSteps"]
    workflows: Optional[List[str]]
    models: Optional[List[str]]
    commands: Optional[bool]
    notifications: Optional["InitializeParamsCapabilitiesNotifications"]


class InitializeParams(TypedDict, total=False):
    """Opens the session: the first request of all."""

    protocolVersion: Optional[str]
    clientInfo: Optional["InitializeParamsClientInfo"]
    processId: Optional[int]
    namespace: Optional[str]
    user: Optional["InitializeParamsUser"]
    store: Optional[str]
    config: Optional["InitializeParamsConfig"]
    capabilities: Optional["InitializeParamsCapabilities"]


class RpcDiscoverParams(TypedDict):
    """Gives this very description of the protocol."""


RpcDiscoverResult = Dict[str, Any]


class ShutdownParams(TypedDict):
    """Ends the session."""


ShutdownResult = None


class HealthCheckParams(TypedDict):
    """Tells whether the service and its store answer."""


class HealthCheckResult(TypedDict):
    status: Literal["ok"]


class StatsGetParams(TypedDict):
    """Counts what people who watch a service want to know."""


class StatsGetResult(TypedDict):
    runs: Dict[str, int]
    attempts: int
    subscriptions: int
    uptimeMs: int


class ConfigGetParams(TypedDict, total=False):
    """Tells each setting, and which layer it came from."""

    runId: Optional[str]


class ConfigGetResult(TypedDict):
    settings: List["Setting"]
    fields: List["Setting"]
    files: List["ConfigurationFile"]


class _ExpressionEvaluateParams(TypedDict):
    expression: str


class ExpressionEvaluateParams(_ExpressionEvaluateParams, total=False):
    """Evaluates an expression, for editors and tests."""

    bindings: Optional[Dict[str, Any]]


class ExpressionEvaluateResult(TypedDict):
    value: Any


class WorkflowRegisterParams(TypedDict):
    """Keeps a workflow under its name, so that runs can be made of it."""

    document: Any


class WorkflowRegisterResult(TypedDict):
    name: str
    version: str
    warnings: List["Problem"]


class WorkflowValidateParams(TypedDict):
    """Tells everything that is wrong with a document, and where."""

    document: Any


class WorkflowValidateResult(TypedDict):
    valid: bool
    problems: List["Problem"]


class WorkflowListParams(TypedDict):
    """Lists the newest version of each registered workflow."""


class WorkflowListResult(TypedDict):
    workflows: List["RegisteredWorkflow"]


class _WorkflowGetParams(TypedDict):
    name: str


class WorkflowGetParams(_WorkflowGetParams, total=False):
    """Gives a registered workflow's document."""

    version: Optional[str]
    expanded: Optional[bool]


class WorkflowGetResult(TypedDict):
    name: str
    version: str
    document: Dict[str, Any]


class WorkflowDiagramParams(TypedDict, total=False):
    """Draws a workflow, or where a run of it stands."""

    runId: Optional[str]
    workflow: Optional[Union[str, Dict[str, Any]]]
    version: Optional[str]
    format: Optional[Literal["mermaid", "dot", "svg"]]


class WorkflowDiagramResult(TypedDict):
    format: Literal["mermaid", "dot", "svg"]
    diagram: str


class WorkflowUnregisterParams(TypedDict):
    """Forgets a workflow's name; runs that were made of it go on."""

    name: str


class WorkflowUnregisterResult(TypedDict):
    name: str


class _RunCreateParams(TypedDict):
    workflow: Union[str, Dict[str, Any]]


class RunCreateParams(_RunCreateParams, total=False):
    """Makes a run of a workflow, and starts it where asked to."""

    version: Optional[str]
    input: Any
    options: Optional["RunOptions"]
    runId: Optional[str]
    idempotencyKey: Optional[str]
    labels: Optional[Dict[str, Any]]
    start: Optional[bool]
    cwd: Optional[str]


class _RunStartParams(TypedDict):
    runId: str


class RunStartParams(_RunStartParams, total=False):
    """Starts a run that is pending."""

    expectedSeq: Optional[int]


class _RunPauseParams(TypedDict):
    runId: str


class RunPauseParams(_RunPauseParams, total=False):
    """Starts nothing more of a run until it is resumed."""

    expectedSeq: Optional[int]


class _RunResumeParams(TypedDict):
    runId: str


class RunResumeParams(_RunResumeParams, total=False):
    """Lets a paused run go on, and its children with it."""

    expectedSeq: Optional[int]


class _RunCancelParams(TypedDict):
    runId: str


class RunCancelParams(_RunCancelParams, total=False):
    """Ends a run that has not ended, and its children with it."""

    reason: Optional[str]
    expectedSeq: Optional[int]


class _RunRetryParams(TypedDict):
    runId: str


class RunRetryParams(_RunRetryParams, total=False):
    """Begins a new execution of a failed or cancelled run, from where it stood."""

    expectedSeq: Optional[int]


class _RunExportParams(TypedDict):
    runId: str


class RunExportParams(_RunExportParams, total=False):
    """Writes a run with its children, as they are at one moment, as one file."""

    path: Optional[str]


class _RunExportResult(TypedDict):
    runId: str
    runs: int
    bytes: int


class RunExportResult(_RunExportResult, total=False):
    path: str
    document: str


class RunImportParams(TypedDict, total=False):
    """Adds the runs of an exported file; they go on here as after a recovery."""

    path: Optional[str]
    document: Optional[str]
    runId: Optional[str]
    namespace: Optional[str]


class RunForkParamsChanges(TypedDict, total=False):
    input: Any
    state: Optional[Dict[str, Any]]


class _RunForkParams(TypedDict):
    runId: str


class RunForkParams(_RunForkParams, total=False):
    """Makes a run that begins with what another had recorded up to a place."""

    fromSeq: Optional[int]
    fromStep: Optional[str]
    changes: Optional["RunForkParamsChanges"]
    newRunId: Optional[str]
    idempotencyKey: Optional[str]
    start: Optional[bool]


class RunGetParams(TypedDict):
    """Tells all that is known of a run now."""

    runId: str


class RunListParamsFilter(TypedDict, total=False):
    status: Optional[Union[str, List[str]]]
    workflow: Optional[str]
    labels: Optional[Dict[str, Any]]
    createdAfter: Optional[str]
    createdBefore: Optional[str]
    parent: Optional[str]
    isPaused: Optional[bool]


class RunListParams(TypedDict, total=False):
    """Lists runs, newest first."""

    namespace: Optional[str]
    cursor: Optional[str]
    limit: Optional[int]
    filter: Optional["RunListParamsFilter"]


class _RunListResult(TypedDict):
    runs: List["RunSummary"]


class RunListResult(_RunListResult, total=False):
    nextCursor: str


class _RunResultParams(TypedDict):
    runId: str


class RunResultParams(_RunResultParams, total=False):
    """Answers when the run has ended, with what it left."""

    waitMs: Optional[int]


class _RunPruneParams(TypedDict):
    olderThanMs: int


class RunPruneParams(_RunPruneParams, total=False):
    """Removes runs that ended long ago, with their children, a page at a time."""

    status: Optional[List[str]]
    namespace: Optional[str]
    dryRun: Optional[bool]
    limit: Optional[int]
    cursor: Optional[str]


class _RunPruneResult(TypedDict):
    runs: List["PrunedRun"]
    workflows: int
    idempotencyKeys: int


class RunPruneResult(_RunPruneResult, total=False):
    nextCursor: str


class _RunDeleteParams(TypedDict):
    runId: str


class RunDeleteParams(_RunDeleteParams, total=False):
    """Removes a run that is pending or has ended, with its history and its children."""

    expectedSeq: Optional[int]


class RunDeleteResult(TypedDict):
    runId: str
    seq: int


class _StepBeginParams(TypedDict):
    executionId: str
    key: str


class StepBeginParams(_StepBeginParams, total=False):
    """Asks, from a program, whether a step is recorded, and for leave to run its body."""

    input: Any
    retry: Any
    timeoutMs: Any
    heartbeatTimeoutMs: Any
    onInterrupted: Any


class StepBeginResult(TypedDict, total=False):
    recorded: Any
    failed: "Failure"
    attempt: int
    idempotencyKey: str


class StepPerformParams(TypedDict):
    """Has the service perform a step of a program: an approval, a wait, a command, whatever a document can say."""

    executionId: str
    key: str
    step: Dict[str, Any]


class StepPerformResult(TypedDict):
    output: Any


class _StepCompleteParamsError(TypedDict):
    message: str


class StepCompleteParamsError(_StepCompleteParamsError, total=False):
    kind: Optional[str]
    retryable: Optional[bool]
    data: Any


class _StepCompleteParams(TypedDict):
    executionId: str
    key: str


class StepCompleteParams(_StepCompleteParams, total=False):
    """Says, from a program, how the body of a step has ended."""

    output: Any
    error: Optional["StepCompleteParamsError"]


class _StepCompleteResult(TypedDict):
    seq: int


class StepCompleteResult(_StepCompleteResult, total=False):
    attempt: int
    retryAfterMs: int
    failed: "Failure"


class _RunEventsParams(TypedDict):
    runId: str


class RunEventsParams(_RunEventsParams, total=False):
    """Gives a page of a run's journal."""

    afterSeq: Optional[int]
    limit: Optional[int]
    maxBytes: Optional[int]


class _RunEventsResult(TypedDict):
    events: List["Event"]
    oldestSeq: int
    lastSeq: int


class RunEventsResult(_RunEventsResult, total=False):
    nextAfterSeq: int


class _RunSubscribeParams(TypedDict):
    runId: str


class RunSubscribeParams(_RunSubscribeParams, total=False):
    """Sends the events after `afterSeq` and then goes live, with nothing between lost or doubled."""

    afterSeq: Optional[int]


class RunSubscribeResult(TypedDict):
    runId: str
    seq: int


class RunUnsubscribeParams(TypedDict):
    """Tells nothing more of a run."""

    runId: str


class RunUnsubscribeResult(TypedDict):
    runId: str
    subscribed: bool


class RunStepsParams(TypedDict):
    """Lists the steps that a run has entered, one for each path."""

    runId: str


class RunStepsResult(TypedDict):
    steps: List["StepEntry"]


class RunDecisionsParams(TypedDict):
    """Lists why a run went from one step to another."""

    runId: str


class RunDecisionsResult(TypedDict):
    decisions: List["DecisionEntry"]


class _RunLogsParams(TypedDict):
    runId: str


class RunLogsParams(_RunLogsParams, total=False):
    """Gives a page of a run's log."""

    afterSeq: Optional[int]
    limit: Optional[int]


class _RunLogsResult(TypedDict):
    entries: List["LogEntry"]


class RunLogsResult(_RunLogsResult, total=False):
    nextAfterSeq: int


class _RunStateParams(TypedDict):
    runId: str


class RunStateParams(_RunStateParams, total=False):
    """Tells a run's state, now or as it was after an event."""

    atSeq: Optional[int]


class RunStateResult(TypedDict):
    runId: str
    seq: int
    state: Dict[str, Any]


class ExecutionInteractionsParams(TypedDict, total=False):
    """Lists all open questions, oldest first."""

    runId: Optional[str]
    namespace: Optional[str]


class ExecutionInteractionsResult(TypedDict):
    interactions: List["Interaction"]


class _ExecutionSignalParams(TypedDict):
    runId: str
    name: str


class ExecutionSignalParams(_ExecutionSignalParams, total=False):
    """Sends a named signal to a run."""

    payload: Any
    idempotencyKey: Optional[str]
    expectedSeq: Optional[int]


class ExecutionRespondInputParams(TypedDict, total=False):
    """Answers an input."""

    interactionId: Optional[str]
    executionId: Optional[str]
    value: Any
    by: Optional[str]
    expectedSeq: Optional[int]


class _ExecutionRespondApprovalParams(TypedDict):
    decision: Literal["approved", "rejected"]


class ExecutionRespondApprovalParams(_ExecutionRespondApprovalParams, total=False):
    """Decides an approval."""

    interactionId: Optional[str]
    executionId: Optional[str]
    approver: Optional[str]
    message: Optional[str]
    expectedSeq: Optional[int]


class InitializedParams(TypedDict):
    """The client is ready for requests and notifications: effects begin."""


class ExitParams(TypedDict):
    """Ends the process: exit code 0 after `shutdown`, else 1."""


class CancelRequestParams(TypedDict):
    """The sender does not want the answer any more."""

    id: Optional[Union[str, int]]


class _StepTextDeltaParams(TypedDict):
    text: str


class StepTextDeltaParams(_StepTextDeltaParams, total=False):
    """A hosted attempt says something."""

    runId: Optional[str]
    executionId: Optional[str]
    path: Optional[str]
    stepId: Optional[str]
    attempt: Optional[int]


class _ModelTextDeltaParams(TypedDict):
    text: str


class ModelTextDeltaParams(_ModelTextDeltaParams, total=False):
    """A model that the client hosts says something."""

    runId: Optional[str]
    executionId: Optional[str]
    path: Optional[str]
    stepId: Optional[str]
    attempt: Optional[int]


class _ModelThinkingDeltaParams(TypedDict):
    text: str


class ModelThinkingDeltaParams(_ModelThinkingDeltaParams, total=False):
    """A model that the client hosts thinks before it speaks."""

    runId: Optional[str]
    executionId: Optional[str]
    path: Optional[str]
    stepId: Optional[str]
    attempt: Optional[int]


class _StepLogParams(TypedDict):
    message: str


class StepLogParams(_StepLogParams, total=False):
    """A hosted attempt writes a line to the run's log."""

    runId: Optional[str]
    executionId: Optional[str]
    path: Optional[str]
    stepId: Optional[str]
    attempt: Optional[int]
    level: Optional[str]


class _StepProgressParams(TypedDict):
    current: int


class StepProgressParams(_StepProgressParams, total=False):
    """How far a hosted attempt has come."""

    runId: Optional[str]
    executionId: Optional[str]
    path: Optional[str]
    stepId: Optional[str]
    attempt: Optional[int]
    total: Optional[int]
    message: Optional[str]


class StepHeartbeatParams(TypedDict, total=False):
    """A hosted attempt is alive."""

    runId: Optional[str]
    executionId: Optional[str]
    path: Optional[str]
    stepId: Optional[str]
    attempt: Optional[int]


class _StepExecuteParams(TypedDict):
    runId: str
    executionId: str
    stepId: str
    path: str
    attempt: int
    idempotencyKey: str
    handler: str
    input: Any


class StepExecuteParams(_StepExecuteParams, total=False):
    """Asks the client to perform a step."""

    deadlineAt: str


class StepExecuteResult(TypedDict, total=False):
    output: Any


class _ModelGenerateParams(TypedDict):
    runId: str
    executionId: str
    stepId: str
    path: str
    attempt: int
    model: str
    messages: List["ModelMessage"]


class ModelGenerateParams(_ModelGenerateParams, total=False):
    """Asks the client for the next turn of an agent's conversation with a model that it hosts."""

    deadlineAt: str
    system: str
    tools: List["ModelTool"]
    output: Any
    maxTokens: int
    temperature: float
    topP: float
    thinkingTokens: int
    stop: List[str]


class _WorkflowExecuteParams(TypedDict):
    runId: str
    executionId: str
    workflow: str
    input: Any


class WorkflowExecuteParams(_WorkflowExecuteParams, total=False):
    """Asks the client to run a program that it hosts."""

    deadlineAt: str


class WorkflowExecuteResult(TypedDict, total=False):
    output: Any


class RunCreatedParamsParent(TypedDict):
    runId: str
    path: str
    depth: int


class _RunCreatedParams(TypedDict):
    runId: str
    seq: int
    at: str
    workflow: str
    version: str
    namespace: str
    cwd: str


class RunCreatedParams(_RunCreatedParams, total=False):
    """A run was created."""

    executionId: str
    input: Any
    options: Dict[str, Any]
    labels: Dict[str, Any]
    client: str
    parent: "RunCreatedParamsParent"


class _RunForkedParams(TypedDict):
    runId: str
    seq: int
    at: str
    origin: "Origin"
    namespace: str


class RunForkedParams(_RunForkedParams, total=False):
    """A run begins with the past of another, whose events come before this one."""

    executionId: str
    input: Any
    state: Dict[str, Any]
    client: str


class _RunImportedParams(TypedDict):
    runId: str
    seq: int
    at: str
    origin: "Origin"
    namespace: str


class RunImportedParams(_RunImportedParams, total=False):
    """A run came from another store, as a file."""

    executionId: str
    leavesParent: bool
    client: str


_RunStatusChangedParamsReserved = TypedDict("_RunStatusChangedParamsReserved", {"from": Literal["checkpoint", "start"]}, total=False)


class _RunStatusChangedParams(TypedDict):
    runId: str
    seq: int
    at: str
    status: "RunStatus"
    isPaused: bool
    previous: "RunStatus"


class RunStatusChangedParams(_RunStatusChangedParamsReserved, _RunStatusChangedParams, total=False):
    """A run's status, or whether it is paused, is another one."""

    executionId: str


class _RunCompletedParams(TypedDict):
    runId: str
    seq: int
    at: str
    output: Any


class RunCompletedParams(_RunCompletedParams, total=False):
    """A run has done all it had to do."""

    executionId: str


class _RunFailedParams(TypedDict):
    runId: str
    seq: int
    at: str
    error: "Failure"


class RunFailedParams(_RunFailedParams, total=False):
    """A run has failed, and will not begin again by itself."""

    executionId: str


class _RunCancelledParams(TypedDict):
    runId: str
    seq: int
    at: str


class RunCancelledParams(_RunCancelledParams, total=False):
    """A run was cancelled."""

    executionId: str
    reason: str


class _RunTimedOutParams(TypedDict):
    runId: str
    seq: int
    at: str
    ms: int
    action: Literal["fail", "cancel", "notify"]
    clock: Literal["active", "wall"]


class RunTimedOutParams(_RunTimedOutParams, total=False):
    """A run's timeout has passed."""

    executionId: str


class _RunEndingParams(TypedDict):
    runId: str
    seq: int
    at: str
    status: Literal["failed", "cancelled"]


class RunEndingParams(_RunEndingParams, total=False):
    """A run is on its way to its end: attempts finish, then it cleans up and undoes."""

    executionId: str
    error: "Failure"
    reason: str
    graceUntil: str


class _RunRetryScheduledParams(TypedDict):
    runId: str
    seq: int
    at: str
    error: "Failure"
    willRetryAt: str


class RunRetryScheduledParams(_RunRetryScheduledParams, total=False):
    """An execution has failed, and the next one begins by itself."""

    executionId: str


class _StepStartedParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    step: str
    kind: str
    iteration: int
    attempt: int


class StepStartedParams(_StepStartedParams, total=False):
    """An attempt of a step has begun."""

    executionId: str
    input: Any
    until: str
    definition: Dict[str, Any]


class _StepCompletedParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    step: str
    attempt: int
    output: Any
    decision: "Decision"
    progress: "Progress"


class StepCompletedParams(_StepCompletedParams, total=False):
    """A step is done."""

    executionId: str
    set: Dict[str, Any]
    reading: Any
    scopeResult: Any


class _StepFailedParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    step: str
    attempt: int
    error: "Failure"


class StepFailedParams(_StepFailedParams, total=False):
    """An attempt of a step has failed."""

    executionId: str
    willRetryAt: str
    decision: "Decision"
    scopeResult: Any


class _ExecutionInputRequestedParams(TypedDict):
    runId: str
    seq: int
    at: str
    interactionId: str
    kind: Literal["approval", "input"]
    path: str
    votes: List["Vote"]
    createdAt: str


class ExecutionInputRequestedParams(_ExecutionInputRequestedParams, total=False):
    """A run asks a person for a value."""

    executionId: str
    message: str
    prompt: str
    show: Any
    approvers: List[str]
    required: int
    onExpiry: Literal["approve"]
    schema: Any
    default: Any
    reason: Literal["interrupted", "budget", "tool"]
    expiresAt: str


class _ExecutionApprovalRequestedParams(TypedDict):
    runId: str
    seq: int
    at: str
    interactionId: str
    kind: Literal["approval", "input"]
    path: str
    votes: List["Vote"]
    createdAt: str


class ExecutionApprovalRequestedParams(_ExecutionApprovalRequestedParams, total=False):
    """A run asks a person for a decision."""

    executionId: str
    message: str
    prompt: str
    show: Any
    approvers: List[str]
    required: int
    onExpiry: Literal["approve"]
    schema: Any
    default: Any
    reason: Literal["interrupted", "budget", "tool"]
    expiresAt: str


class _ExecutionVoteRecordedParams(TypedDict):
    runId: str
    seq: int
    at: str
    interactionId: str
    vote: "Vote"


class ExecutionVoteRecordedParams(_ExecutionVoteRecordedParams, total=False):
    """Somebody decided, and the approval is not settled yet."""

    executionId: str


class _ExecutionInteractionResolvedParams(TypedDict):
    runId: str
    seq: int
    at: str
    interactionId: str
    kind: Literal["approval", "input"]
    path: str
    status: Literal["approved", "rejected", "answered", "expired"]


class ExecutionInteractionResolvedParams(_ExecutionInteractionResolvedParams, total=False):
    """A question is settled."""

    executionId: str
    value: Any
    approver: str
    by: str
    message: str
    client: str


class _ExecutionSignalReceivedParams(TypedDict):
    runId: str
    seq: int
    at: str
    name: str


class ExecutionSignalReceivedParams(_ExecutionSignalReceivedParams, total=False):
    """A signal came."""

    executionId: str
    payload: Any
    idempotencyKey: str


class _AgentTurnedParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    attempt: int
    turn: int
    text: str
    usage: "ModelUsage"


class AgentTurnedParams(_AgentTurnedParams, total=False):
    """An agent's model has answered."""

    executionId: str
    state: Any
    thoughtBytes: int
    stopReason: Literal["length", "refusal"]
    verified: bool


class _AgentToldParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    attempt: int
    text: str


class AgentToldParams(_AgentToldParams, total=False):
    """An agent's model is told why its answer is not the last one."""

    executionId: str


class _ToolCalledParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    agent: str
    tool: str
    callId: str
    input: Any


class ToolCalledParams(_ToolCalledParams, total=False):
    """An agent's model has called a tool."""

    executionId: str
    attempt: int


class _ToolReturnedParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    tool: str


class ToolReturnedParams(_ToolReturnedParams, total=False):
    """A tool has given what the model is told."""

    executionId: str
    output: Any
    error: "Failure"


class _ExecutionLogParams(TypedDict):
    runId: str
    seq: int
    at: str
    level: Literal["debug", "info", "warning", "error"]
    message: str


class ExecutionLogParams(_ExecutionLogParams, total=False):
    """Something was written to the run's log."""

    executionId: str
    step: str


class _RunStateChangedParams(TypedDict):
    runId: str
    seq: int
    at: str
    changes: Dict[str, Any]


class RunStateChangedParams(_RunStateChangedParams, total=False):
    """A step has changed the state."""

    executionId: str


class _RunProgressParams(TypedDict):
    runId: str
    seq: int
    at: str
    current: int
    total: int


class RunProgressParams(_RunProgressParams, total=False):
    """How far a run has come."""

    executionId: str
    message: str


_StepDecidedParamsReserved = TypedDict("_StepDecidedParamsReserved", {"from": str})


class _StepDecidedParams(TypedDict):
    runId: str
    seq: int
    at: str
    path: str
    to: str
    reason: str


class StepDecidedParams(_StepDecidedParamsReserved, _StepDecidedParams, total=False):
    """A run goes from one step to another."""

    executionId: str
    condition: str
    value: Any


class _ExecutionTextDeltaParams(TypedDict):
    runId: str
    stepId: str
    path: str
    attempt: int
    offset: int
    text: str


class ExecutionTextDeltaParams(_ExecutionTextDeltaParams, total=False):
    """An attempt says something."""

    executionId: str


class _ExecutionThinkingDeltaParams(TypedDict):
    runId: str
    stepId: str
    path: str
    attempt: int
    offset: int
    text: str


class ExecutionThinkingDeltaParams(_ExecutionThinkingDeltaParams, total=False):
    """A model thinks before it speaks."""

    executionId: str


ErrorKind = Literal[
    "workflow.notFound",
    "workflow.invalid",
    "workflow.changed",
    "run.notFound",
    "run.invalidTransition",
    "run.exists",
    "export.corrupt",
    "run.seqConflict",
    "execution.notFound",
    "step.duplicateKey",
    "step.notBegun",
    "input.invalid",
    "interaction.notFound",
    "interaction.ambiguous",
    "interaction.alreadyResolved",
    "interaction.expired",
    "approval.notAnApprover",
    "idempotency.conflict",
    "step.handlerMissing",
    "config.invalid",
    "config.forbidden",
    "expression.syntax",
    "expression.evaluation",
    "expression.notJSON",
    "expression.budget",
    "request.duplicateId",
    "store.unavailable",
    "store.corrupt",
    "message.tooLarge",
    "payload.tooLarge",
    "server.shuttingDown",
    "limit.exceeded",
]
