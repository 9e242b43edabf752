import JSON
import WorkflowCore
import WorkflowModel

/// Tells the closures of a run's options what happens to it.
struct RunObservation<Output: Codable & Sendable>: Sendable {
    private let started: StartedRun
    private let options: RunOptions<Output>
    private let fermata: Fermata

    /// Nil where nobody wants to be told anything; else `follow` must be called.
    init?(_ started: StartedRun, _ options: RunOptions<Output>, _ fermata: Fermata) {
        guard options.isObserving else { return nil }
        (self.started, self.options, self.fermata) = (started, options, fermata)
        fermata.link.activity.begin()
    }

    /// Returns when the run has ended and all was told.
    func follow() async {
        let activity = fermata.link.activity
        defer { activity.end() }
        await withDiscardingTaskGroup { group in
            // A run that was found where it was may wait for an answer.
            if started.seq > 0 {
                for question in started.mirror.snapshot.questions { ask(question, in: &group) }
            }
            let events = RunEvents(run: started.runID, after: started.seq, started.mirror, fermata.link, in: activity)
            do {
                for try await event in events { tell(event, in: &group) }
            } catch {
                // The engine was closed, or the run is there no more: there is nothing more to tell.
            }
            group.cancelAll()
        }
        switch started.mirror.snapshot.ending {
        case .completed(let output):
            if let typed = try? Output(output, ofRun: started.runID) { options.onComplete?(typed) }
        case .failed(let failure): options.onFailed?(failure)
        case nil: break
        }
    }

    private func tell(_ event: RunEvent, in group: inout DiscardingTaskGroup) {
        switch event {
        case .statusChanged(let status, _): options.onStatusChange?(status)
        case .textDelta(let text, _): options.onTextDelta?(text)
        case .approvalRequested(let request): ask(request, in: &group)
        case .inputRequested(let request): ask(request, in: &group)
        default: break
        }
    }

    private func ask(_ question: Interaction, in group: inout DiscardingTaskGroup) {
        switch question.kind {
        case .approval: ask(ApprovalRequest(question), in: &group)
        case .input: ask(InputRequest(question), in: &group)
        }
    }

    private func ask(_ request: ApprovalRequest, in group: inout DiscardingTaskGroup) {
        guard let decide = options.onApprovalRequested else { return }
        answer(in: &group) {
            try await fermata.perform(decide(request).answer(to: request.id), on: started.runID)
        }
    }

    private func ask(_ request: InputRequest, in group: inout DiscardingTaskGroup) {
        guard let answer = options.onInputRequested else { return }
        self.answer(in: &group) {
            let value = try await answer(request)
            try await fermata.perform(InputAnswer(value).answer(to: request.id), on: started.runID)
        }
    }

    private func answer(in group: inout DiscardingTaskGroup, _ body: @escaping @Sendable () async throws -> Void) {
        let activity = fermata.link.activity
        activity.begin()
        group.addTask {
            defer { activity.end() }
            do {
                try await body()
            } catch {
                // The question stays open: somebody else may answer it, or it expires.
            }
        }
    }
}

extension RunOptions {
    fileprivate var isObserving: Bool {
        onStatusChange != nil || onComplete != nil || onFailed != nil || onTextDelta != nil || onInputRequested != nil
            || onApprovalRequested != nil
    }
}
