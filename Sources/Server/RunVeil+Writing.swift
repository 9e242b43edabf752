import JSON
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension RunVeil {
    /// What `body` writes into an open object, as it may leave: the members without their braces.
    func hide(_ body: (inout JSONWriter) -> Void) -> ArraySlice<UInt8> {
        var writer = JSONWriter()
        writer.beginObject()
        body(&writer)
        writer.endObject()
        let members = (try? JSONValue(parsing: writer.bytes))?.object ?? [:]
        writer.removeAll(keepingCapacity: true)
        for (name, value) in hide(members) { writer.field(named: name, value) }
        return writer.bytes[...]
    }

    func hide(_ value: JSONValue) -> JSONValue { value.object.map { .object(hide($0)) } ?? value }
}
