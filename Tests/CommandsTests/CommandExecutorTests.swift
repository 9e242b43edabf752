import JSON
import Testing

@testable import Commands
@testable import WorkflowEngine
@testable import WorkflowModel

@Suite("Commands as step bodies")
struct CommandExecutorTests {
    private let step = StepKind.command(
        CommandStep(program: "echo", arguments: [], cwd: nil, environment: [], stdin: nil, okExitCodes: [0]))

    private func attempt(_ work: Work) -> Attempt {
        Attempt(
            key: Conversation().key, executionID: "execution", step: "step", work: work,
            cwd: "/usr", deadline: nil)
    }

    /// Starts the attempt and waits for what it reports, until it ends.
    private func reports(of work: Work, by executor: CommandExecutor) -> [AttemptReporter.Report] {
        let mailbox = Mailbox()
        let attempt = attempt(work)
        executor.start(attempt, reporter: AttemptReporter(key: attempt.key, mailbox: mailbox))
        var reports: [AttemptReporter.Report] = []
        while true {
            var inputs: [EngineInput] = []
            mailbox.drain(into: &inputs, timeout: .seconds(30))
            if inputs.isEmpty { return reports }
            for case .report(attempt.key, let report) in inputs {
                reports.append(report)
                switch report {
                case .succeeded, .failed: return reports
                default: break
                }
            }
        }
    }

    @Test("A host that allows commands is ready for them, and for nothing else")
    func allowed() {
        let executor = CommandExecutor(isAllowed: true)
        #expect(executor.readiness(for: step) == .ready)
        #expect(executor.readiness(for: .set) == .missingHandler("set"))
    }

    @Test("Another host is told how commands are allowed, and starts none")
    func notAllowed() throws {
        let executor = CommandExecutor(isAllowed: false)
        guard case .notPermitted(let reason) = executor.readiness(for: step) else {
            Issue.record("It must not be permitted.")
            return
        }
        #expect(reason.contains("--allow-commands"))
        guard case .failed(let failure) = reports(of: .command(.shell("true")), by: executor).first else {
            Issue.record("It must fail.")
            return
        }
        #expect(failure.kind == "command.notAllowed")
        #expect(!failure.isRetryable)
    }

    @Test("An attempt runs in the directory of its run, and reports to its engine")
    func start() throws {
        let reports = reports(of: .command(.shell("pwd")), by: CommandExecutor(isAllowed: true))
        guard case .text("/usr\n") = reports.first, case .succeeded(let result) = reports.last else {
            Issue.record("It reported \(reports).")
            return
        }
        #expect(result["stdout"] == "/usr\n")
    }
}
