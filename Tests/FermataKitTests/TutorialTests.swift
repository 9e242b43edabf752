import FermataKit
import FermataTesting
import Testing

struct Release: Workflow {
    func execute(_ repository: String, in context: Context) async throws -> String {
        let image = try await context.step("build") { "\(repository):7" }
        let approval = try await context.waitForApproval("Deploy \(image)?")
        guard approval.isApproved else { return "not deployed" }
        return try await context.step("deploy", retry: Retry(attempts: 3)) { "\(image) is live" }
    }
}

@Suite("The tutorial")
struct TutorialTests {
    @Test("What it says to write runs")
    func runs() async throws {
        let fermata = TestFermata().fermata
        // swift-format-ignore
        let run = Release().run("acme/app", options: .init(id: "release-7", onApprovalRequested: { request in
            .approved(by: "ann", message: request.message)
        }), on: fermata)
        let execution = try await run.start()
        let result = try await execution.result
        #expect(result == "acme/app:7 is live")
    }

    @Test("So does its test")
    func crashes() async throws {
        try await TestFermata.crashEverywhere(
            Release(), "acme/app", options: .init(onApprovalRequested: { _ in .approved(by: "ann") }))
    }
}

private struct Greet: Workflow {
    func execute(_ name: String, in context: Context) async throws -> String {
        try await context.step("greet") { "Hello, \(name)!" }
    }
}

private struct Sorting: Workflow {
    func execute(_ letter: String, in context: Context) async throws -> String {
        let desk = try await context.agent("scripted/clerk", letter)
        guard try await context.waitForApproval("To \(desk)?").isApproved else { return "returned" }
        try await context.sleep(.seconds(7 * 86400))
        return desk
    }
}

@Suite("The articles")
struct ArticleTests {
    @Test("Flows: what the article says to write runs")
    func flows() async throws {
        let fermata = TestFermata().fermata
        let mend = try Flow("mend", state: ["tries": 0], output: "${steps.test.result}") {
            Step.call("build") { (folder: String, context) in
                context.log("building in \(folder), attempt \(context.attempt)")
                return folder + "/app"
            }
            .retry(Retry(attempts: 3, delay: .seconds(1), backoff: .exponential))
            Step.call("test", with: "${result}") { (app: String, _) in app.hasSuffix("app") }
                .set(["tries": "${state.tries + 1}"])
            Step.approval("ship", "Ship after ${state.tries} tries?").next("build", when: "result.status == 'expired'")
        }
        // swift-format-ignore
        let passed = try await mend.run("src", as: Bool.self, options: .answering(approvals: [.approved(by: "ann")]), on: fermata)
            .start().result
        #expect(passed)
        let look = Tool("look", "Looks a word up.") { (query: [String: String], _) in
            query["word"] ?? "nothing was asked"
        }
        let research = try Flow("research", output: "${steps.ask.result.text}") {
            Step.agent("ask", ["model": "scripted/tools"], prompt: "What is ${input}?", tools: [look])
        }
        let found = try await research.run("tea", as: String.self, on: fermata).start().result
        #expect(found.contains("nothing was asked"))
    }

    @Test("A server of your own: the workflow and the flow of the article run")
    func servers() async throws {
        let shout = try Flow("shout") { Step.call("shout") { (name: String, _) in name.uppercased() } }
        let server = FermataServer(workflows: [Greet()], flows: [shout])
        _ = server
        #expect(try await Greet().run("Ann", on: TestFermata().fermata).start().result == "Hello, Ann!")
        #expect(try await shout.run("Ann", as: String.self, on: TestFermata().fermata).start().result == "ANN")
    }

    @Test("Testing: so do the tests of the article")
    func testing() async throws {
        let models: [String: @Sendable (String) -> String] = ["clerk": { _ in "billing" }]
        let test = TestFermata(models: ["clerk": { prompt in prompt.contains("money") ? "billing" : "other" }])
        let options = RunOptions<String>.answering(approvals: [.approved(by: "ann")])
        let sorted = try await Sorting().run("Where is my money?", options: options, on: test.fermata).start().result
        #expect(sorted == "billing")
        #expect(test.elapsed >= .seconds(7 * 86400))
        await test.crash()
        let always = RunOptions<String>(onApprovalRequested: { _ in .approved(by: "ann") })
        try await crashes(models, always)
    }

    private func crashes(
        _ models: [String: @Sendable (String) -> String], _ options: RunOptions<String>
    ) async throws {
        try await TestFermata.crashEverywhere(Sorting(), "Where is my money?", models: models, options: options)
    }

    @Test(
        "Each line of code in the articles and the tutorial stands in these tests",
        arguments: ["Tutorial", "Flows", "Servers", "Testing"])
    func isCompiled(article: String) {
        let code = Set(Process.text(#filePath).split(separator: "\n").map { $0.trimmed })
        let text = Process.text("\(Process.root)/Sources/FermataKit/FermataKit.docc/\(article).md")
        var (isCode, count) = (false, 0)
        for line in text.split(separator: "\n") {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if isCode {
                #expect(code.contains(line.trimmed) || code.contains("private " + line.trimmed), "\(line)")
                count += 1
            }
        }
        #expect(count >= 4)
    }

    @Test("Every article is on the landing page, and no other file is there without code that is looked at")
    func landing() {
        let landing = Process.text("\(Process.root)/Sources/FermataKit/FermataKit.docc/FermataKit.md")
        for article in ["Tutorial", "Steps", "Flows", "Patterns", "Runs", "Servers", "Testing"] {
            #expect(landing.contains("<doc:\(article)>"), "\(article)")
        }
        for article in ["Steps", "Patterns", "Runs"] {
            let text = Process.text("\(Process.root)/Sources/FermataKit/FermataKit.docc/\(article).md")
            #expect(!text.isEmpty && !text.contains("```"), "\(article) has code that no test compiles.")
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}
