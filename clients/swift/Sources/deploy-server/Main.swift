import FermataKit

@main
struct Deploy: Workflow {
    func execute(_ repository: String, in context: Context) async throws -> String {
        let image = try await context.step("build") { "\(repository):7" }
        let approval = try await context.waitForApproval("Deploy \(image)?")
        return try await context.step("deploy") { "\(image), by \(approval.approver ?? "nobody")" }
    }

    static func main() async throws { try await FermataServer(workflows: [Deploy()]).serve() }
}
