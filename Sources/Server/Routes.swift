import JSON
import RPC
import ServiceProtocol
import WorkflowCore

extension RouteTable {
    /// All that the service answers, in the order of the specification.
    private static var requests: [Route] {
        [
            Route(InitializeRequest.self, needsSession: false) { try $0.initialize($1) },
            Route(DiscoverRequest.self, needsSession: false) { _, _ in RouteTable.document },
            Route(ShutdownRequest.self) { session, _ in session.shutdown() },
            Route(CheckHealthRequest.self) { session, _ in try session.health() },
            Route(GetStatsRequest.self) { session, _ in try session.stats() },
            Route(GetConfigRequest.self) { session, _ in session.config() },
            Route(EvaluateExpressionRequest.self) { try $0.evaluate($1) },

            Route(RegisterWorkflowRequest.self) { try $0.register($1) },
            Route(ValidateWorkflowRequest.self) { $0.validate($1) },
            Route(ListWorkflowsRequest.self) { session, _ in try session.listWorkflows() },
            Route(GetWorkflowRequest.self) { try $0.getWorkflow($1) },
            Route(GetDiagramRequest.self) { try $0.diagram($1) },
            Route(UnregisterWorkflowRequest.self) { try $0.unregister($1) },

            Route(CreateRunRequest.self) { try $0.create($1) },
            Route(StartRunRequest.self) { try $0.start($1) },
            Route(PauseRunRequest.self) { try $0.move($1.runID, .pause, expectedSeq: $1.expectedSeq) },
            Route(ResumeRunRequest.self) { try $0.move($1.runID, .resume, expectedSeq: $1.expectedSeq) },
            Route(CancelRunRequest.self) {
                try $0.move($1.runID, .cancel(reason: $1.reason), expectedSeq: $1.expectedSeq)
            },
            Route(RetryRunRequest.self) { try $0.retry($1) },
            Route(ExportRunRequest.self) { try $0.export($1) },
            Route(ImportRunRequest.self) { try $0.importRun($1) },
            Route(ForkRunRequest.self) { try $0.fork($1) },
            Route(GetRunRequest.self) { try $0.getRun($1) },
            Route(ListRunsRequest.self) { try $0.listRuns($1) },
            Route(waiting: GetRunResultRequest.self) { try $0.awaitResult($1, $2) },
            Route(PruneRunsRequest.self) { try $0.prune($1) },
            Route(DeleteRunRequest.self) { try $0.deleteRun($1) },

            Route(waiting: BeginStepRequest.self) { try $0.begin($1, $2) },
            Route(waiting: PerformStepRequest.self) { try $0.perform($1, $2) },
            Route(CompleteStepRequest.self) { try $0.complete($1) },

            Route(ListRunEventsRequest.self) { try $0.listEvents($1) },
            Route(SubscribeRunRequest.self) { try $0.subscribe($1) },
            Route(UnsubscribeRunRequest.self) { $0.unsubscribe($1) },
            Route(ListRunStepsRequest.self) { try $0.listSteps($1) },
            Route(ListRunDecisionsRequest.self) { try $0.listDecisions($1) },
            Route(ListRunLogsRequest.self) { try $0.listLogs($1) },
            Route(GetRunStateRequest.self) { try $0.runState($1) },

            Route(ListInteractionsRequest.self) { try $0.listInteractions($1) },
            Route(SignalExecutionRequest.self) { try $0.signal($1) },
            Route(RespondInputRequest.self) { try $0.respond($1) },
            Route(RespondApprovalRequest.self) { try $0.respond($1) },
        ]
    }

    private static var notifications: [NotificationRoute] {
        [
            NotificationRoute(InitializedNotification.self) { session, _ in session.beginEffects() },
            NotificationRoute(ExitNotification.self) { session, _ in session.exit() },
            NotificationRoute(CancelRequestNotification.self) { $0.cancelRequest($1) },
            NotificationRoute(StepTextDeltaNotification.self) { $0.hear($1) },
            NotificationRoute(ModelTextDeltaNotification.self) { $0.hear($1) },
            NotificationRoute(ModelThinkingDeltaNotification.self) { $0.hear($1) },
            NotificationRoute(StepLogNotification.self) { $0.hear($1) },
            NotificationRoute(StepProgressNotification.self) { $0.hear($1) },
            NotificationRoute(StepHeartbeatNotification.self) { $0.hear($1) },
        ]
    }

    static func service() -> RouteTable { RouteTable(requests: requests, notifications: notifications) }

    /// What `rpc.discover` gives: made of the routes, and of what the service sends.
    static var document: JSONValue {
        let taken = requests.map { $0.describe() } + notifications.map { $0.describe() }
        let sent = ServiceRequest.allCases.map(\.method) + ServiceNotification.allCases.map(\.method)
        return OpenRPC.document(of: taken + sent)
    }
}
