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
            try withFile { () throws(StoreError) in try PrivateFile.replace(path, with: bytes) }
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
        let bytes: [UInt8]
        switch request.source {
        case .path(let path):
            bytes = try withFile { () throws(StoreError) in try PrivateFile.read(path, limit: Self.greatestImport) }
        case .document(let document): bytes = Array(document.utf8)
        }
        let file: RunExport
        do throws(ExportDamage) {
            file = try RunExport(reading: bytes)
        } catch {
            throw EngineError.exportDamaged(error)
        }
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

    /// A file is in memory as a whole while it is read.
    private static let greatestImport = 1 << 30

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
