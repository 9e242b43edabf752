import Agents
import Commands
import JSON
import Testing
import WorkflowEngine
import WorkflowModel

@Suite("Commands as models")
struct CommandProviderTests {
    private let hearing = Hearing()

    private func ask(
        _ arguments: [String], _ work: AgentWork = .asking("Hello"), lines: Bool = false, key: String? = nil,
        isAllowed: Bool = true
    ) -> Hearing {
        let settings = CommandProvider.Settings(
            arguments: arguments, keyVariable: key == nil ? nil : "TEST_KEY", printsLines: lines)
        let provider = CommandProvider(
            "cli", settings, commands: CommandExecutor(isAllowed: isAllowed),
            variable: { $0 == "TEST_KEY" ? key : CommandEnvironment.ownVariable($0) })
        provider.generate(.turn("m", work), reporter: hearing.reporter())
        _ = hearing.end()
        return hearing
    }

    @Test("The prompt comes on stdin, after the instructions; the last newlines are no part of the answer")
    func stdin() {
        var work = AgentWork.asking("Hello\nyou")
        work.system = "Be kind."
        let answer = ask(["sh", "-c", "cat; printf '\\n\\n'"], work).answer()
        #expect(answer?.text == "Be kind.\n\nHello\nyou")
        #expect(hearing.pieces.joined() == answer?.text)
    }

    @Test("What is asked can be arguments of its own")
    func arguments() {
        var work = AgentWork.asking("$(id); -x {model}")
        work.system = "Be kind."
        let answer = ask(["printf", "%s|", "{prompt}", "{system}", "{model}", "x{prompt}"], work).answer()
        #expect(answer?.text == "$(id); -x {model}|Be kind.|m|x{prompt}|")
    }

    @Test("It is told all of the conversation, for it remembers nothing")
    func transcript() {
        let work = AgentWork.asking("Count.").after((text: "1, 2", told: "Go on."))
        #expect(ask(["cat"], work).answer()?.text == "Count.\n\nYou have answered:\n1, 2\n\nGo on.")
    }

    @Test("Where the answer must fit a schema, the instructions say so")
    func schema() {
        var work = AgentWork.asking("x")
        work.output = ["type": "object"]
        #expect(ask(["cat"], work).answer()?.text.contains(#"{"type":"object"}"#) == true)
    }

    @Test("Its environment is that of every command, and the key it is given")
    func environment() {
        let text = ask(["sh", "-c", "env | cut -d= -f1"], key: "se").answer()?.text ?? ""
        let names = Set(text.split(separator: "\n").map(String.init))
        #expect(names.contains("TEST_KEY"))
        #expect(names.subtracting(CommandEnvironment.names + ["TEST_KEY", "PWD", "SHLVL", "_", "OLDPWD"]).isEmpty)
    }

    @Test("Its key is masked in what it says, also where a piece ends within it")
    func key() {
        let script = "printf 'a sk-12'; sleep 0.05; printf '34 b sk-1'; sleep 0.05; printf ' c'"
        let answer = ask(["sh", "-c", script], key: "sk-1234").answer()
        #expect(answer?.text == "a ••• b sk-1 c")
        #expect(hearing.pieces.joined() == answer?.text)
    }

    @Test("Its key is masked in why it failed")
    func keyInFailure() {
        let failure = ask(["sh", "-c", "echo \"bad $TEST_KEY\" >&2; exit 3"], key: "sk-1234").failure()
        #expect(failure?.kind == "model.unavailable")
        #expect(failure?.isRetryable == true)
        #expect(failure?.message == "sh exited with code 3: bad •••")
    }

    @Test("What cannot be is refused before anything starts")
    func refused() {
        var work = AgentWork.asking("x")
        work.tools = [ModelTool(name: "t", description: nil, input: true)]
        #expect(ask(["cat"], work).failure()?.kind == "model.badRequest")
        #expect(ask(["cat"], key: "").failure()?.kind == "model.unauthorized")
        #expect(ask(["cat"], isAllowed: false).failure()?.kind == "command.notAllowed")
    }

    @Test("A program that is none makes the model unavailable, and no other attempt helps")
    func missing() {
        let failure = ask(["/nonexistent/agent"]).failure()
        #expect(failure?.kind == "model.unavailable")
        #expect(failure?.isRetryable == false)
    }
}
