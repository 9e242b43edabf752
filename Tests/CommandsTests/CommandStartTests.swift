import Glibc
import JSON
import Testing
import WorkflowModel

@testable import Commands

@Suite("What a command starts with")
struct CommandStartTests {
    private let runner = impatientRunner()

    @Test("Its stdin is the text of the step, however long, and empty without one")
    func stdin() async {
        let long = String(repeating: "0123456789abcde\n", count: 100_000)
        for text in ["hello", "", long] {
            #expect(await runner.run(CommandWork(arguments: ["cat"], stdin: text)).text == text)
        }
        #expect(await runner.run("cat").result?["stdout"] == "")
    }

    @Test("A program that does not read its stdin is no failure")
    func unreadStdin() async {
        let long = String(repeating: "x", count: 1_000_000)
        #expect(await runner.run(CommandWork(arguments: ["true"], stdin: long)).result?["exitCode"] == 0)
        let closing = CommandWork(arguments: ["sh", "-c", "exec 0<&-; echo done"], stdin: long)
        #expect(await runner.run(closing).text == "done\n")
    }

    @Test("Its environment is the allow-list of ours and what the step adds, which takes precedence")
    func environment() async {
        let runner = CommandRunner(variable: { $0 == "TZ" ? nil : "our \($0)" })
        let own = ["HOME": "/own", "EXTRA": "a=b\nc"]
        let ending = await runner.run(CommandWork(arguments: ["env", "-0"], environment: own))
        var expected: [String: String] = [:]
        for name in CommandEnvironment.names where name != "TZ" { expected[name] = "our \(name)" }
        expected.merge(own) { _, own in own }
        let said = ending.text.split(separator: "\0").map(String.init)
        #expect(said.sorted() == expected.map { "\($0.key)=\($0.value)" }.sorted())
    }

    @Test("It gets no descriptor of ours beyond its three streams")
    func descriptors() async {
        let leaking = open("/dev/null", O_RDONLY)
        defer { close(leaking) }
        #expect(leaking > 2)
        // The fourth is the directory that is being listed.
        let ending = await runner.run(.shell("exec ls /proc/self/fd"))
        #expect(ending.text == "0\n1\n2\n3\n")
    }

    @Test("Signals that we block or ignore are as usual for it")
    func signals() async {
        signal(SIGUSR1, SIG_IGN)
        defer { signal(SIGUSR1, SIG_DFL) }
        #expect(await runner.run(.shell("kill -USR1 $$")).failure?.message == "sh was ended by signal 10")
    }

    @Test("Exit codes are kept although whoever started us ignored SIGCHLD")
    func ignoredSIGCHLD() async {
        await #expect(processExitsWith: .exitCode(3)) {
            signal(SIGCHLD, SIG_IGN)
            let failure = await CommandRunner().run(.shell("exit 3")).failure
            exit(Int32(failure?.details?["exitCode"]?.int ?? 0))
        }
    }

    @Test(
        "It runs in the directory of the run, or in its own relative to that",
        arguments: [
            ("/usr", nil, "/usr"), ("/usr", "lib", "/usr/lib"), ("/usr", "/", "/"), ("/usr", ".", "/usr"),
        ] as [(String, String?, String)])
    func directory(run: String, own: String?, expected: String) async {
        let ending = await runner.run(CommandWork(arguments: ["/bin/pwd", "-P"], cwd: own), in: run)
        #expect(ending.text == expected + "\n")
    }

    @Test(
        "What cannot be started says why, and another attempt is not made",
        arguments: [
            (
                CommandWork(arguments: ["no-such-program"]), "command.notFound",
                "the program no-such-program was not found in PATH"
            ),
            (
                CommandWork(arguments: ["./no-such"]), "command.notFound",
                "the program ./no-such, or the interpreter it names, does not exist, seen from /"
            ),
            (
                CommandWork(arguments: ["/etc/passwd"]), "command.failed",
                "/etc/passwd was not started: it cannot be executed: Permission denied"
            ),
            (
                CommandWork(arguments: ["echo"], cwd: "/no/such"), "command.failed",
                "echo was not started: its directory /no/such cannot be entered: No such file or directory"
            ),
            (
                CommandWork(arguments: ["echo"], cwd: "/etc/passwd"), "command.failed",
                "echo was not started: its directory /etc/passwd cannot be entered: Not a directory"
            ),
            (CommandWork(arguments: []), "command.failed", " was not started: the command names no program"),
            (
                CommandWork(arguments: ["echo", "a\0b"]), "command.failed",
                "echo was not started: an argument, a variable or the directory holds a NUL character"
            ),
            (
                CommandWork(arguments: ["echo"], environment: ["A=B": "c"]), "command.failed",
                "echo was not started: 'A=B' cannot name a variable of its environment"
            ),
        ])
    func refusal(work: CommandWork, kind: String, message: String) async throws {
        let failure = try #require(await runner.run(work).failure)
        #expect(failure == Failure(kind: kind, message: message, isRetryable: false))
    }
}
