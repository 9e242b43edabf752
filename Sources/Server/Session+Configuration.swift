import Configuration
import JSON
import RPC
import ServiceProtocol
import WorkflowModel

/// Settings that the client does not give come from files.
extension Session {
    /// The params of `initialize`, with what the files say beneath what it says.
    func layered(_ params: JSONValue?) throws(RPCError) -> JSONValue? {
        do throws(ConfigurationProblem) {
            configuration = try composition.options.configurationFiles.load()
        } catch {
            throw RPCError(error)
        }
        guard var members = try? Parameters(params).members else { return params }
        if let own = members["config"]?.object { configuration.add(own, from: ConfigurationOrigin(.initialize)) }
        if let own = members["store"] { configuration.add(["store": own], from: ConfigurationOrigin(.initialize)) }
        guard !configuration.files.isEmpty else { return params }
        var config = configuration.members
        members["store"] = config["store"]
        config["store"] = nil
        if members["config"]?.object != nil || members["config"]?.isNull ?? true { members["config"] = .object(config) }
        try check(.object(members))
        return .object(members)
    }

    /// What is wrong with a file only together with the others is told of that file.
    private func check(_ params: JSONValue) throws(RPCError) {
        do throws(RPCError) {
            _ = try InitializeRequest(params: Parameters(params))
        } catch {
            guard let pointer = error.data?["pointer"]?.string.flatMap(JSONPointer.init(parsing:)) else { throw error }
            let isOfConfig = pointer.tokens.first == "config"
            let place = isOfConfig ? JSONPointer(tokens: Array(pointer.tokens.dropFirst())) : pointer
            guard let file = configuration.file(of: place) else { throw error }
            throw RPCError(file.problem(at: place, error.message))
        }
    }

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
