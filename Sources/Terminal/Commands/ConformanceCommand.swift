import Conformance
import Contract
import JSON

/// `fermata conformance --server CMD [PATH]` and `fermata conformance --stand-in PATH`
enum ConformanceCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        if context.arguments.has("stand-in") { return try standIn(context.arguments.operands, context.screen) }
        guard let server = context.arguments["server"] else {
            throw Complaint.usage(
                "fermata conformance needs a server.", hint: "Usage: fermata conformance --server CMD [PATH]")
        }
        let root = context.arguments.operands.first ?? "protocol/fixtures"
        let paths = fixtures(in: root)
        guard !paths.isEmpty else { throw Complaint.usage("There is no fixture in \(root).") }
        if context.arguments.has("record") { return try record(paths, server, context.screen) }
        let schemas = try MessageSchemas(context.withClient { try $0.call("rpc.discover") })
        var failed = 0
        for path in paths {
            let complaints = Player.play(try fixture(path), to: server, schemas)
            if complaints.isEmpty { continue }
            failed += 1
            context.screen.error(path)
            for complaint in complaints { context.screen.error("  " + complaint.printable) }
        }
        context.screen.line("\(paths.count - failed) of \(paths.count) sessions passed.")
        return failed == 0 ? .completed : .failed
    }

    /// Standard input and output are the client's.
    private static func standIn(_ paths: [String], _ screen: Screen) throws -> ExitCode {
        guard let path = paths.first else {
            throw Complaint.usage(
                "There is no session to play.", hint: "Usage: fermata conformance --stand-in PATH")
        }
        let session = try fixture(path)
        do throws(FixtureError) {
            try StandIn.play(session, input: 0, output: 1)
            return .completed
        } catch {
            screen.error("\(path): \(error.description.printable)")
            return .failed
        }
    }

    /// Plays what the fixtures' clients say, and writes down anew what the server says.
    private static func record(_ paths: [String], _ server: String, _ screen: Screen) throws -> ExitCode {
        for path in paths {
            let recorded = try Recorder.record(try fixture(path), from: server)
            try File.write(recorded.text, to: path)
            screen.line("recorded \(path)")
        }
        return .completed
    }

    private static func fixture(_ path: String) throws -> Fixture {
        let text = try File.text(path)
        do { return try Fixture(parsing: text) } catch { throw Complaint.usage("\(path): \(error.description)") }
    }

    /// A file, or those in a folder and the folders within.
    private static func fixtures(in path: String) -> [String] {
        if path.hasSuffix(".jsonl") { return [path] }
        return File.names(in: path).flatMap { fixtures(in: path + "/" + $0) }
    }
}
