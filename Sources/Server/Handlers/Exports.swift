import JSON
import RPC
import RPCTransport
import ServiceProtocol
import WorkflowEngine
import WorkflowStore

extension Session {
    func export(_ request: ExportRunRequest) throws -> JSONValue {
        let export = try veiled(try engine.export(request.runID))
        let bytes = export.bytes
        var members: JSONObject = [
            "runId": .string(request.runID), "runs": .number(JSONNumber(export.parts.count)),
            "bytes": .number(JSONNumber(bytes.count)),
        ]
        if let path = request.path {
            try withFile { () throws(StoreError) in
                // The path may lead to anything, the store itself not excepted.
                guard try PrivateFile.begins(path, with: RunExport.beginning) ?? true else {
                    throw .unavailable("\(path) is there already, and it is no export.")
                }
                try PrivateFile.replace(path, with: bytes)
            }
            members["path"] = .string(path)
        } else {
            // Quoted within the answer it must fit into a message of the other side's.
            guard bytes.count <= connection.configuration.maxMessageBytes / 2 else {
                throw RPCError.domain(
                    .payloadTooLarge, "The export has \(bytes.count) bytes.", hint: "Give a path to write it to.")
            }
            members["document"] = .string(String(decoding: bytes, as: UTF8.self))
        }
        return .object(members)
    }

    func importRun(_ request: ImportRunRequest) throws -> JSONValue {
        let file = try read(request.source)
        var move = ImportRequest(covered(file))
        move.runID = request.runID
        move.namespace = request.namespace
        move.client = client?.clientInfo?.name
        isCreating = true
        defer { isCreating = false }
        guard case .object(var answer) = try engine.importRun(move).json else { return .null }
        answer["runs"] = .number(JSONNumber(file.parts.count))
        return .object(answer)
    }

    /// What a file says is in memory until it is added.
    private static let greatestImport = 1 << 30

    /// A file is read part by part: only what it says is kept.
    private func read(_ source: ImportRunRequest.Source) throws -> RunExport {
        var reader = ExportReader()
        var damage: ExportDamage?
        func take(_ bytes: ArraySlice<UInt8>) {
            guard damage == nil else { return }
            do throws(ExportDamage) { try reader.take(bytes) } catch { damage = error }
        }
        switch source {
        case .path(let path):
            var count = 0
            try withFile { () throws(StoreError) in
                try PrivateFile.read(path) { (part) throws(StoreError) in
                    count += part.count
                    guard count <= Self.greatestImport else {
                        throw .unavailable("\(path) is larger than \(Self.greatestImport >> 20) MiB.")
                    }
                    take(part)
                }
            }
        case .document(let document): take(Array(document.utf8)[...])
        }
        do throws(ExportDamage) {
            if let damage { throw damage }
            return try reader.finish()
        } catch {
            throw EngineError.exportDamaged(error)
        }
    }

    /// A file that cannot be read or written is what is wrong with the request, not with the store.
    private func withFile<Outcome>(_ body: () throws(StoreError) -> Outcome) throws -> Outcome {
        do throws(StoreError) {
            return try body()
        } catch {
            guard case .unavailable(let sentence) = error else { throw EngineError.store(error) }
            throw RPCError.invalidParams(sentence, pointer: JSONPointer().appending("path"))
        }
    }
}
