import Glibc
import JSON
import Testing
import WorkflowModel

@testable import Commands

@Suite("How a command is ended, and what outlives it")
struct CommandEndTests {
    /// Says its own id and that of a child; both ignore SIGTERM.
    private let stubborn = """
        trap '' TERM
        sleep 1000 & echo $$ $!
        while :; do sleep 1000; done
        """

    @Test("Stopping ends a whole process group that ignores SIGTERM, and nothing is reported any more")
    func stop() async throws {
        let runner = impatientRunner()
        let conversation = Conversation()
        runner.start(conversation.key, .shell(stubborn), in: "/", report: conversation.report)
        let processes = await conversation.words(lines: 1).compactMap(WatchedProcess.init)
        defer { for process in processes { process.close() } }
        try #require(processes.count == 2)
        runner.stop(conversation.key)
        for process in processes { #expect(process.ends()) }
        runner.endAll()
        let ending = await conversation.close()
        #expect(ending.result == nil && ending.failure == nil && ending.text == "")
    }

    @Test("A command that is stopped may clean up before SIGKILL")
    func graceful() async throws {
        var limits = CommandLimits()
        limits.killDelay = .seconds(60)
        let runner = CommandRunner(limits: limits)
        let directory = TemporaryDirectory()
        let conversation = Conversation()
        let script = "trap 'touch script; exit' TERM; echo $$; while :; do sleep 1000 & wait; done"
        runner.start(conversation.key, .shell(script), in: directory.path, report: conversation.report)
        let process = try #require(await conversation.words(lines: 1).first.flatMap(WatchedProcess.init))
        defer { process.close() }
        runner.stop(conversation.key)
        #expect(process.ends())
        #expect(access("\(directory.path)/script", F_OK) == 0)
    }

    @Test("Stopping what is not there is no harm")
    func stopUnknown() async {
        let runner = impatientRunner()
        runner.stop(Conversation("before").key)
        #expect(await runner.run("echo", "fine").text == "fine\n")
        runner.stop(Conversation().key)
        #expect(await runner.run("echo", "fine").text == "fine\n")
    }

    @Test("At shutdown every group is ended, within the time given, and the call returns")
    func endAll() async throws {
        let runner = CommandRunner()
        var processes: [WatchedProcess] = []
        defer { for process in processes { process.close() } }
        for number in 1...5 {
            let conversation = Conversation("step\(number)")
            runner.start(conversation.key, .shell(stubborn), in: "/", report: conversation.report)
            processes += await conversation.words(lines: 1).compactMap(WatchedProcess.init)
        }
        try #require(processes.count == 10)
        runner.endAll(within: .milliseconds(50))
        for process in processes { #expect(process.ends()) }
    }

    @Test("Shutdown does not wait where everything ends at once, or nothing was started")
    func endAllAtOnce() async {
        let runner = CommandRunner()
        let conversation = Conversation()
        runner.start(conversation.key, .shell("echo; exec sleep 1000"), in: "/", report: conversation.report)
        _ = await conversation.text()
        // Only the calls are measured: other tests may keep this one from being resumed for long.
        let taken = ContinuousClock().measure {
            CommandRunner().endAll(within: .seconds(60))
            runner.endAll(within: .seconds(60))
        }
        #expect(taken < .seconds(30))
    }

    @Test("The runner takes its processes along")
    func runnerGone() async throws {
        var runner: CommandRunner? = CommandRunner()
        let conversation = Conversation()
        runner?.start(conversation.key, .shell(stubborn), in: "/", report: conversation.report)
        let processes = await conversation.words(lines: 1).compactMap(WatchedProcess.init)
        defer { for process in processes { process.close() } }
        try #require(processes.count == 2)
        runner = nil
        for process in processes { #expect(process.ends()) }
    }

    @Test("A grandchild that keeps the pipe open does not hold the step, and lives on")
    func grandchild() async throws {
        let ending = await impatientRunner().run(.shell("sleep 1000 & echo $!"))
        #expect(ending.result?["exitCode"] == 0)
        let word = ending.text.split(whereSeparator: \.isWhitespace).first.map(String.init)
        let process = try #require(word.flatMap(WatchedProcess.init))
        defer { process.close() }
        #expect(!process.ends(within: 0))
        kill(process.id, SIGKILL)
        #expect(process.ends())
    }

    @Test("What a grandchild says before the pipe is given up counts")
    func grandchildSpeaks() async throws {
        var limits = CommandLimits()
        limits.drainDelay = .seconds(600)
        let directory = TemporaryDirectory()
        let conversation = Conversation()
        let script = "echo early; (read line < '\(directory.makeGate())'; echo late) &"
        let runner = CommandRunner(limits: limits)
        runner.start(conversation.key, .shell(script), in: "/", report: conversation.report)
        #expect(await conversation.text() == "early\n")
        close(open("\(directory.path)/gate", O_WRONLY))
        #expect(await conversation.ending().result?["stdout"] == "early\nlate\n")
    }

    @Test("Two hundred commands run at once")
    func many() async {
        let runner = CommandRunner()
        let directory = TemporaryDirectory()
        let gate = open(directory.makeGate(), O_RDWR | O_CLOEXEC)
        let conversations = (0..<200).map { Conversation("step\($0)") }
        for (number, conversation) in conversations.enumerated() {
            let script = "exec 3< gate; echo ready; read line <&3; echo \(number)"
            runner.start(conversation.key, .shell(script), in: directory.path, report: conversation.report)
        }
        for conversation in conversations { #expect(await conversation.text() == "ready\n") }
        close(gate)
        for (number, conversation) in conversations.enumerated() {
            #expect(await conversation.ending().result?["stdout"]?.string == "ready\n\(number)\n")
        }
    }
}
