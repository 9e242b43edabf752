import FermataKit
import Glibc

/// A server of one's own, with `serve`. Else a program that kills itself: `deploy-test-program STORE TRACE [MOMENT]`. At the moment that it
/// was given it ends as by `kill -9`. What its steps do stands in the file TRACE, the moments that it came to in TRACE.moments, and what it
/// leaves is printed.
@main
enum Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments[1] == "serve" {
            return try await FermataServer(workflows: [Greeting()], flows: [shouting()], store: .memory).serve()
        }
        let trace = Trace(arguments[2], end: arguments.count > 3 ? arguments[3] : nil)
        let fermata = Fermata(store: .file(arguments[1]))
        let answering = RunOptions<String>(
            id: "deploy",
            onApprovalRequested: { _ in
                trace.pass("asked")
                return .approved(by: "ann")
            })
        trace.pass("begun")
        let execution = try await Deploy(trace: trace).run("acme/app", options: answering, on: fermata).start()
        trace.pass("started")
        for try await event in execution.events {
            if case .stepStarted("sleep", _) = event { trace.pass("sleeping") }
        }
        print(try await execution.result)
        await fermata.close()
    }
}

private struct Greeting: Workflow {
    func execute(_ name: String, in context: Context) async throws -> String {
        try await context.step("greet") {
            context.text("Hello")
            return "Hello, \(name)!"
        }
    }
}

private func shouting() throws -> Flow {
    try Flow("shouting", output: "${steps.shout.result}") {
        Step.call("shout") { (name: String, context) in
            context.log("shouted at \(name)")
            return name.uppercased() + "!"
        }
    }
}

private struct Deploy: Workflow {
    let trace: Trace

    func execute(_ repository: String, in context: Context) async throws -> String {
        trace.pass("called")
        let source = try await context.step("clone") { trace.work("clone", repository + "@main") }
        trace.pass("cloned")
        let parts = try await context.parallel(["linux", "mac"]) { system, context in
            trace.pass("\(system) begins")
            let part = try await context.step("build") { trace.work("build \(system)", "\(source) for \(system)") }
            trace.pass("\(system) ends")
            return part
        }
        trace.pass("built")
        let approval = try await context.waitForApproval("Deploy?")
        trace.pass("approved")
        try await context.sleep(.milliseconds(50))
        trace.pass("slept")
        let deployed = try await context.step("deploy") {
            trace.work("deploy", "\(parts.joined(separator: ", ")), by \(approval.approver ?? "nobody")")
        }
        trace.pass("deployed")
        return deployed
    }
}

/// What happened, across the lives of the process.
private struct Trace {
    let path: String
    let end: String?

    init(_ path: String, end: String?) {
        self.path = path
        self.end = end
    }

    func pass(_ moment: String) {
        add(moment, to: path + ".moments")
        if moment == end { kill(getpid(), SIGKILL) }
    }

    /// The body of a step: one can be killed before it has done what it does, and after.
    func work(_ step: String, _ result: String) -> String {
        pass("\(step) is to be done")
        add(step, to: path)
        pass("\(step) is done")
        return result
    }

    private func add(_ text: String, to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(file) }
        let line = Array("\(text)\n".utf8)
        _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    }
}
