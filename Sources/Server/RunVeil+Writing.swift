import JSON
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension RunVeil {
    /// What `body` writes into an open object, as it may leave: the members without their braces.
    func hide(_ body: (inout JSONWriter) -> Void) -> ArraySlice<UInt8> {
        var writer = JSONWriter()
        for (name, value) in hide(JSONObject(writing: body)) { writer.field(named: name, value) }
        return writer.bytes[...]
    }

    func hide(_ value: JSONValue) -> JSONValue { value.object.map { .object(hide($0)) } ?? value }
}

extension JSONObject {
    /// What `body` writes into an open object.
    init(writing body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.beginObject()
        body(&writer)
        writer.endObject()
        self = (try? JSONValue(parsing: writer.bytes))?.object ?? [:]
    }
}
