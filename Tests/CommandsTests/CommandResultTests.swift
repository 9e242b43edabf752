import Glibc
import JSON
import Testing
import WorkflowModel

@testable import Commands

@Suite("What a command gives and how it ends")
struct CommandResultTests {
    private let runner = impatientRunner()

    @Test("Its stdout is reported as text and kept for the result")
    func output() async {
        let ending = await runner.run("echo", "a", "b c")
        #expect(ending.text == "a b c\n")
        #expect(ending.result == ["exitCode": 0, "stdout": "a b c\n", "stderr": ""])
    }

    @Test("Arguments reach it as they are: no shell looks at them")
    func arguments() async {
        #expect(await runner.run("echo", "$HOME", "*", "'", "a;b").text == "$HOME * ' a;b\n")
    }

    @Test("Its stderr is kept and not reported as text")
    func errors() async {
        let ending = await runner.run(.shell("echo out; echo err >&2"))
        #expect(ending.text == "out\n")
        #expect(ending.result == ["exitCode": 0, "stdout": "out\n", "stderr": "err\n"])
    }

    @Test(
        "Another exit code fails it, in a sentence that ends with the last line of stderr",
        arguments: [
            ("exit 2", 2, "sh exited with code 2"),
            ("echo one >&2; echo two >&2; echo >&2; exit 255", 255, "sh exited with code 255: two"),
            ("kill -9 $$", 137, "sh was ended by signal 9"),
            ("kill -TERM $$", 143, "sh was ended by signal 15"),
        ])
    func exitCode(script: String, code: Int, message: String) async throws {
        let failure = try #require(await runner.run(.shell("echo out; \(script)")).failure)
        #expect(failure.kind == "command.exited")
        #expect(failure.message == message)
        #expect(failure.isRetryable)
        #expect(failure.details?["exitCode"] == JSONValue(code))
        #expect(failure.details?["stdout"] == "out\n")
    }

    @Test("An exit code that the step allows is a success, and 0 only where it is among them")
    func allowedExitCodes() async {
        let work = CommandWork(arguments: ["sh", "-c", "exit 3"], okExitCodes: [1, 3])
        #expect(await runner.run(work).result?["exitCode"] == 3)
        let other = CommandWork(arguments: ["true"], okExitCodes: [1])
        #expect(await runner.run(other).failure?.message == "true exited with code 0")
    }

    @Test("Ten megabytes arrive whole and in order")
    func muchOutput() async {
        let ending = await runner.run("seq", "1", "1400000")
        var expected = ""
        for number in 1...1_400_000 { expected += "\(number)\n" }
        #expect(expected.utf8.count > 10_000_000)
        #expect(ending.text == expected)
        #expect(ending.result?["stdout"]?.string == expected)
    }

    @Test("A character that is cut between two reads waits for its rest")
    func cutCharacter() async throws {
        let directory = TemporaryDirectory()
        let conversation = Conversation()
        let script = "printf 'a\\303'; read line < '\(directory.makeGate())'; printf '\\251\\377b\\342\\202'"
        runner.start(conversation.key, .shell(script), in: directory.path, report: conversation.report)
        #expect(await conversation.text() == "a")
        close(open("\(directory.path)/gate", O_WRONLY))
        let ending = await conversation.ending()
        #expect(ending.text == "é\u{FFFD}b\u{FFFD}")
        #expect(ending.result?["stdout"] == "aé\u{FFFD}b\u{FFFD}")
    }

    @Test("More output than may be kept ends the command, and says on which stream", arguments: ["stdout", "stderr"])
    func tooMuch(stream: String) async throws {
        var limits = CommandLimits()
        limits.outputBytes = 100_000
        limits.killDelay = .milliseconds(50)
        let script =
            "trap '' PIPE TERM; while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyy\(stream == "stderr" ? ">&2" : ""); done"
        let ending = await CommandRunner(limits: limits).run(.shell(script))
        let failure = try #require(ending.failure)
        #expect(failure.kind == "payload.tooLarge")
        #expect(failure.message == "sh wrote more than 100000 bytes to \(stream)")
        #expect(!failure.isRetryable)
        #expect(ending.text.utf8.count <= 100_000)
    }

    @Test("Exactly as much output as may be kept is a success")
    func justEnough() async {
        var limits = CommandLimits()
        limits.outputBytes = 100_000
        let ending = await CommandRunner(limits: limits).run("head", "-c", "100000", "/dev/zero")
        #expect(ending.result?["stdout"]?.string?.utf8.count == 100_000)
    }
}
