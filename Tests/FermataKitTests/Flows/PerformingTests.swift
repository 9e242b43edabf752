import FermataKit
import FermataTesting
import Glibc
import Testing

@Suite("What flows may say, performed in this process")
struct PerformingTests {
    @Test("A command runs, where commands are allowed")
    func commands() async throws {
        let flow = try Flow("commands", output: "${steps.say.result.stdout}") { Step.command("say", "echo", "Hello") }
        #expect(try await flow.run(as: String.self, on: Fermata(store: .memory)).start().result == "Hello\n")
    }

    @Test(
        "A step that nobody here performs is refused when its run is started, with its name",
        arguments: [
            (Step.command("build", "make"), "step.notPermitted"), (.tool("build", "files/read"), "step.notPermitted"),
            (.forEach("build", in: [1]) { Step.command("build", "make") }, "step.notPermitted"),
            (.call("build", "git/clone"), "step.handlerMissing"),
        ])
    func refused(step: Step, kind: String) async throws {
        let flow = try Flow("refused") { step }
        for fermata in [Fermata(store: .memory, allowsCommands: false), TestFermata().fermata] {
            let failure = await #expect(throws: WorkflowFailure.self) {
                try await flow.run(as: JSON.self, on: fermata).start()
            }
            #expect(failure?.kind == kind)
            #expect(failure?.message.contains("he step \"build\"") == true, "\(failure?.message ?? "")")
        }
    }

    @Test("A model of a provider that the program configures answers; the program's configuration is above the files'")
    func providers() async throws {
        let fermata = Fermata(
            store: .memory,
            configuration: ["providers": ["cat": ["kind": "command", "command": ["cat"], "format": "text"]]])
        let flow = try Flow("asks", output: "${steps.ask.result.text}") {
            Step.agent("ask", ["model": "cat/any"], prompt: "Anybody there?")
        }
        let said = try await flow.run(as: String.self, on: fermata).start().result
        #expect(said.contains("Anybody there?"))
    }

    private static let wrong: [(JSON, String)] = [
        (["retentionDays": 3], "retentionDays"), (["providers": 7], "providers"), (7, "configuration"),
    ]

    @Test("A configuration that is none is told by whatever is asked first", arguments: wrong)
    func badConfiguration(configuration: JSON, told: String) async throws {
        let fermata = Fermata(store: .memory, configuration: configuration)
        let failure = await #expect(throws: WorkflowFailure.self) { try await Sleepy().run("", on: fermata).start() }
        #expect(failure?.kind == "config.invalid")
        #expect(failure?.message.contains(told) == true, "\(failure?.message ?? "")")
    }

    @Test("A flow that the engine is told of is another's child, by its name; so is a workflow")
    func children() async throws {
        let inner = try Flow("inner", output: "${steps.double.result}") {
            Step.call("double") { (number: Int, _) in number * 2 }
        }
        let fermata = Fermata(store: .memory, workflows: [Bundle()], flows: [inner])
        let outer = try Flow("outer", output: ["${steps.first.result}", "${steps.second.result}"]) {
            Step.child("first", "inner", with: 21)
            Step.child("second", "Bundle", with: ["a", "b"])
        }
        #expect(try await outer.run(as: [JSON].self, on: fermata).start().result == [42, "a.o b.o"])
    }
}
