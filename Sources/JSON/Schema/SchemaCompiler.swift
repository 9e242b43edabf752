internal import RegularExpressions

/// Turns a schema document into numbered schemas. It works through a queue, so that neither deep nesting nor a long
/// chain of references needs a deep stack, and a schema that refers to itself needs no special care.
struct SchemaCompiler {
    typealias ID = CompiledSchema.ID
    typealias Place = CompiledSchemas.Place

    struct Resource {
        var uri: URIReference
        var root: ID
        var anchors: [MemberName: Anchor] = [:]
    }

    struct Anchor {
        var schema: ID
        /// The number of the name, for a `$dynamicAnchor`.
        var dynamic: Int?
    }

    struct Reference {
        var keyword: String
        var text: String
        var origin: ID
    }

    var compiled = CompiledSchemas()
    /// In the order of the targets that they lead to.
    var references: [Reference] = []
    var resources: [Resource] = []
    var resourceNames: [String: CompiledSchema.ResourceID] = [:]

    private var queue: [JSONValue] = []
    private var knownPlaces: [Place: Place.ID] = [:]
    private var schemasByPlace: [Place.ID: ID] = [:]
    private var dynamicNames: [MemberName: Int] = [:]
    private var patterns: [MemberName: RegularExpression] = [:]
    /// A few bytes of a pattern can ask for thousands of instructions.
    private var patternRoom = 1_000_000

    static func compile(_ document: JSONValue) throws(SchemaError) -> CompiledSchemas {
        var compiler = SchemaCompiler()
        compiler.adopt(document, uri: URIReference(""), at: compiler.place("", in: nil))
        var (read, followed) = (0, 0)
        while true {
            if read < compiler.queue.count {
                try compiler.read(read)
                read += 1
            } else if followed < compiler.references.count {
                // All names are known by now. What it leads to may be new, where no keyword has schemas.
                compiler.compiled.targets[followed] = try compiler.target(of: compiler.references[followed])
                followed += 1
            } else {
                return compiler.compiled
            }
        }
    }

    /// Makes a document a resource of its own, which its `$id` may rename.
    @discardableResult
    mutating func adopt(_ document: JSONValue, uri: URIReference, at place: Place.ID) -> CompiledSchema.ResourceID {
        let resource = resources.count
        resourceNames[uri.withoutFragment] = resource
        resources.append(Resource(uri: uri, root: queue.count))
        schema(document, at: place, in: resource)
        return resource
    }

    /// The number of a schema, which is its place in the queue.
    @discardableResult
    mutating func schema(_ value: JSONValue, at place: Place.ID, in resource: CompiledSchema.ResourceID) -> ID {
        if let known = schemasByPlace[place] { return known }
        let new = queue.count
        schemasByPlace[place] = new
        queue.append(value)
        compiled.schemas.append(CompiledSchema(place: place, resource: resource))
        return new
    }

    mutating func place(_ token: String, in parent: Place.ID?) -> Place.ID {
        let place = Place(parent: parent, token: MemberName(text: token))
        if let known = knownPlaces[place] { return known }
        let new = compiled.places.count
        knownPlaces[place] = new
        compiled.places.append(place)
        return new
    }

    /// The number of a target that becomes known once the document has been read.
    mutating func target(_ reference: Reference) -> Int {
        references.append(reference)
        compiled.targets.append(CompiledSchemas.Target(schema: reference.origin))
        return references.count - 1
    }

    /// The schema that `path` leads to from another one; nil when there is none.
    mutating func schema(at path: JSONPointer, from root: ID) -> ID? {
        var (value, place, resource) = (queue[root], compiled.schemas[root].place, compiled.schemas[root].resource)
        for token in path.tokens {
            guard let next = JSONPointer(tokens: [token]).resolve(in: value) else { return nil }
            value = next
            place = self.place(token, in: place)
            if let known = schemasByPlace[place] { resource = compiled.schemas[known].resource }
        }
        return schema(value, at: place, in: resource)
    }

    /// The pattern, read once wherever it stands; nil when the schema's patterns take up too much together.
    mutating func pattern(_ source: String) throws(RegularExpressionError) -> RegularExpression? {
        let name = MemberName(text: source)
        if let known = patterns[name] { return known }
        let expression = try RegularExpression(source, dialect: .ecma)
        patternRoom -= expression.size
        guard patternRoom >= 0 else { return nil }
        patterns[name] = expression
        return expression
    }

    mutating func addAnchor(_ name: String, to schema: ID, isDynamic: Bool) -> Bool {
        let resource = compiled.schemas[schema].resource
        let key = MemberName(text: name)
        if let known = resources[resource].anchors[key], known.schema != schema { return false }
        guard isDynamic else {
            if resources[resource].anchors[key] == nil { resources[resource].anchors[key] = Anchor(schema: schema) }
            return true
        }
        let number = dynamicNames[key] ?? compiled.dynamicAnchors.count
        if dynamicNames.updateValue(number, forKey: key) == nil { compiled.dynamicAnchors.append([:]) }
        compiled.dynamicAnchors[number][resource] = schema
        resources[resource].anchors[key] = Anchor(schema: schema, dynamic: number)
        return true
    }

    private mutating func read(_ id: ID) throws(SchemaError) {
        switch queue[id] {
        case .bool(true): break
        case .bool(false): compiled.schemas[id].rules = [CompiledSchema.Rule("", .never)]
        case .object(let members):
            do {
                try identify(id, by: members)
                try read(members, of: id)
            } catch {
                let pointer = compiled.location(of: id).appending(error.pointer)
                throw SchemaError(pointer: pointer, message: error.message)
            }
        default:
            throw SchemaError(
                pointer: compiled.location(of: id), message: "A schema must be an object or a boolean.")
        }
    }

    /// Errors point from the schema.
    private mutating func read(_ members: JSONObject, of id: ID) throws(SchemaError) {
        for (keyword, value) in members {
            let reader = KeywordReader(keyword: keyword, value: value, siblings: members, schema: id)
            guard let assertion = try reader.assertion(&self) else { continue }
            let rule = CompiledSchema.Rule(keyword, assertion)
            switch assertion {
            case .unevaluatedElements, .unevaluatedMembers: compiled.schemas[id].restRules.append(rule)
            default: compiled.schemas[id].rules.append(rule)
            }
        }
    }
}
