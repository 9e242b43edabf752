import JSON
import Testing

@Suite("An object")
struct JSONObjectTests {
    @Test("keeps the order of its members; a repeated name keeps its place and takes the last value")
    func order() throws {
        let value = try JSONValue(parsing: #"{"b":1,"a":2,"b":3,"\u0062":4}"#)
        #expect(value.serialized() == #"{"b":4,"a":2}"#)
        #expect(value == ["a": 2, "b": 4])
    }

    @Test("has equality and hash without order", arguments: [2, 16, 17, 40])
    func equality(count: Int) {
        let members = (0..<count).map { ("n\($0)", JSONValue($0)) }
        let forward = JSONObject(members)
        let backward = JSONObject(members.reversed())
        #expect(forward == backward)
        #expect(forward.hashValue == backward.hashValue)
        var other = backward
        other["n1"] = "1"
        #expect(forward != other)
        other["n1"] = nil
        #expect(other.count == count - 1)
        #expect(forward != other)
    }

    @Test("tells names apart that Unicode holds equivalent", arguments: [0, 20])
    func exactNames(others: Int) {
        var object = JSONObject((0..<others).map { ("n\($0)", nil) })
        object["\u{E9}"] = 1
        object["e\u{301}"] = 2
        #expect(object.count == others + 2)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
        #expect(JSONValue("\u{E9}") != JSONValue("e\u{301}"))
        // One hash for all would let a few dozen letters make an object of names that take quadratic time.
        #expect(JSONValue("\u{E9}").hashValue != JSONValue("e\u{301}").hashValue)
        #expect(JSONValue.object(["\u{E9}": 1]).hashValue != JSONValue.object(["e\u{301}": 1]).hashValue)
    }

    @Test("gets, sets and removes as a dictionary does", arguments: [8, 64])
    func model(names: Int) {
        var object = JSONObject()
        var model: [String: JSONValue] = [:]
        for step in 0..<2_000 {
            let name = "n\(step * 7919 % names)"
            // A bare nil would be the literal null here.
            let value = step * 31 % 5 == 0 ? Optional.none : JSONValue(step)
            object[name] = value
            model[name] = value
            #expect(object[name] == value)
            #expect(object.count == model.count)
        }
        for (name, value) in object { #expect(model[name] == value) }
        #expect(Array(object.keys) == object.map(\.key))
    }

    @Test("changes a value in place")
    func inPlace() {
        var object: JSONObject = ["list": [1], "other": 2]
        let before = object
        func append(to value: inout JSONValue?) {
            guard case .array(var elements) = value else { return }
            elements.append(3)
            value = .array(elements)
        }
        append(to: &object["list"])
        append(to: &object["absent"])
        #expect(object == ["list": [1, 3], "other": 2])
        #expect(before == ["list": [1], "other": 2])
        object["list"]? = 9
        #expect(object["list"] == 9)
        func remove(_ value: inout JSONValue?) { value = nil }
        remove(&object["list"])
        #expect(object == ["other": 2])
    }
}
