import FermataKit
import Glibc
import Synchronization

/// A server of one's own, with `serve`. Else a program that kills itself: `deploy-test-program STORE TRACE [MOMENT]`. Each moment that it comes to has a number; at
/// the one that it was given it ends as by `kill -9`. What its steps do stands in the file TRACE, what it leaves is printed.
@main
enum Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments[1] == "serve" {
            return try await FermataServer(workflows: [Greeting()], flows: [shouting()], store: .memory).serve()
        }
        let trace = Trace(arguments[2], end: arguments.count > 3 ? Int(arguments[3]) ?? .max : .max)
        let fermata = Fermata(store: .file(arguments[1]))
        let execution = try await Deploy(trace: trace).run(
            "acme/app", options: .init(id: "deploy", onApprovalRequested: { _ in .approved(by: "ann") }), on: fermata
        ).start()
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
        trace.pass()
        let source = try await context.step("clone") { trace.work("clone", repository + "@main") }
        trace.pass()
        let parts = try await context.parallel(["linux", "mac"]) { system, context in
            try await context.step("build") { trace.work("build \(system)", "\(source) for \(system)") }
        }
        trace.pass()
        let approval = try await context.waitForApproval("Deploy?")
        trace.pass()
        try await context.sleep(.milliseconds(5))
        trace.pass()
        return try await context.step("deploy") {
            trace.work("deploy", "\(parts.joined(separator: ", ")), by \(approval.approver ?? "nobody")")
        }
    }
}

/// What happened, across the lives of the process.
private final class Trace: Sendable {
    private let path: String
    private let end: Int
    private let passed = Mutex(0)

    init(_ path: String, end: Int) {
        self.path = path
        self.end = end
    }

    func pass() {
        let number = passed.withLock { passed in
            defer { passed += 1 }
            return passed
        }
        if number == end { kill(getpid(), SIGKILL) }
    }

    func work(_ step: String, _ result: String) -> String {
        pass()
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(file) }
        let line = Array("\(step)\n".utf8)
        _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        pass()
        return result
    }
}
