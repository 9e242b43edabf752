import Contract
import Glibc
import JSON

/// `fermata schema`
enum SchemaCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let document = try context.withClient { try $0.call("rpc.discover") }
        let arguments = context.arguments
        if arguments.has("check") { return try check(document, in: arguments["output"] ?? ".", context.screen) }
        guard let folder = arguments["output"] else {
            context.screen.write(document.serialized(pretty: true) + "\n")
            return .completed
        }
        let files = ContractFiles.all(of: document)
        for file in files {
            let path = folder + "/" + file.path
            File.makeFolders(above: path)
            try File.write(file.text, to: path)
        }
        for path in stale(besides: files, in: folder) { unlink(folder + "/" + path) }
        return .completed
    }

    /// Tells what differs from what would be written.
    private static func check(_ document: JSONValue, in folder: String, _ screen: Screen) throws -> ExitCode {
        let files = ContractFiles.all(of: document)
        let differing = files.filter { (try? File.text(folder + "/" + $0.path)) != $0.text }.map(\.path)
        let wrong = differing + stale(besides: files, in: folder)
        for path in wrong { screen.error("\(path) is not what the service's description makes.") }
        if !wrong.isEmpty { screen.error("Write it anew: fermata schema --output \(folder)") }
        return wrong.isEmpty ? .completed : .failed
    }

    /// Files that nobody makes any more.
    private static func stale(besides files: [ContractFiles.File], in root: String) -> [String] {
        let known = Set(files.map(\.path))
        return ContractFiles.folders.flatMap { folder in
            File.names(in: root + "/" + folder).map { folder + "/" + $0 }.filter { !known.contains($0) }
        }
    }
}
