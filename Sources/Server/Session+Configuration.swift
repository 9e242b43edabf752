import Configuration
import JSON
import RPC
import ServiceProtocol
import WorkflowModel

/// What a session goes by, as its client asks for it.
extension Session {
    /// Refuses options that no run can have.
    func checkRunOptions(_ options: JSONObject?) throws {
        do throws(InvalidWorkflow) {
            _ = try RunOptions.parse(options.map { .object($0) })
        } catch {
            let problem = error.problems.first
            throw RPCError.invalidParams(
                problem?.message ?? "These are no options of runs.",
                pointer: JSONPointer(tokens: ["config", "runs"] + (problem?.pointer.tokens ?? [])))
        }
    }

    /// The options of a run, over those of the configuration.
    func runOptions(_ own: JSONValue?) -> JSONValue? {
        guard let configured = settings?.runOptions.value, !configured.isEmpty else { return own }
        guard let own else { return .object(configured) }
        guard let members = own.object else { return own }
        var options = MergedConfiguration()
        options.add(configured, from: ConfigurationOrigin(.initialize))
        options.add(members, from: ConfigurationOrigin(.initialize))
        return .object(options.members)
    }

    func config() -> JSONValue {
        let fields = configuration.fields.map { field -> JSONValue in
            .object(field.origin.json(field.pointer.tokens.joined(separator: "."), field.value))
        }
        let files = composition.options.configurationFiles
        let places = [(ConfigurationLayer.user, files.user), (.workspace, files.workspace)]
        let told = places.compactMap { layer, path -> JSONValue? in
            guard let path else { return nil }
            let isThere = configuration.files.contains { $0.path == path }
            return ["layer": .string(layer.rawValue), "path": .string(path), "isThere": .bool(isThere)]
        }
        return ["settings": .array(settings?.json ?? []), "fields": .array(fields), "files": .array(told)]
    }
}

extension RPCError {
    init(_ problem: ConfigurationProblem) {
        let kind: ErrorKind = problem.kind == .invalid ? .configInvalid : .configForbidden
        var members: JSONObject = ["file": .string(problem.file), "pointer": .string(problem.pointer.description)]
        members["line"] = problem.place.map { .number(JSONNumber($0.line)) }
        members["column"] = problem.place.map { .number(JSONNumber($0.column)) }
        self = .domain(kind, problem.message, hint: problem.hint, members)
    }
}
