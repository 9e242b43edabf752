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

    @Test("Each line of its code stands in these tests")
    func isCompiled() {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let code = Set(Process.text(#filePath).split(separator: "\n").map { $0.trimmed })
        let tutorial = Process.text(root + "/Sources/FermataKit/FermataKit.docc/Tutorial.md")
        var (isCode, count) = (false, 0)
        for line in tutorial.split(separator: "\n") {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if isCode {
                #expect(code.contains(line.trimmed), "\(line)")
                count += 1
            }
        }
        #expect(count > 10)
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}
