internal import RegularExpressions

/// One schema of a document: what it demands, with references to other schemas of the document by their number.
struct CompiledSchema: Sendable {
    typealias ID = Int
    /// The number of a part of the document with a URI of its own: the document, or a schema with an `$id`.
    typealias ResourceID = Int

    var place: CompiledSchemas.Place.ID
    var resource: ResourceID
    var rules: [Rule] = []
    /// Those about what no other rule of the schema has evaluated.
    var restRules: [Rule] = []

    struct Rule: Sendable {
        /// Empty for the schema `false`, which has no keyword.
        let keyword: String
        let assertion: Assertion
        /// How many steps it takes to apply, beside those that follow from the value.
        let toll: Int

        init(_ keyword: String, _ assertion: Assertion) {
            (self.keyword, self.assertion) = (keyword, assertion)
            toll = 1 + assertion.breadth
        }
    }

    enum Assertion: Sendable {
        case never
        case type([InstanceType])
        case values([JSONValue], Set<JSONValue>)
        case bound(Bound, JSONNumber)
        case multiple(of: JSONNumber)
        case size(Measure, atLeast: Int, atMost: Int)
        case pattern(RegularExpression)
        case uniqueElements
        case prefix([ID])
        case rest(ID, from: Int)
        case contains(ID, atLeast: Int, atMost: Int)
        case required([String])
        case requiredBeside([(name: String, required: [String])])
        case members([NamedSchema], [MemberName: ID])
        case membersLike([PatternSchema])
        case otherMembers(than: Set<MemberName>, [RegularExpression], ID)
        case names(ID)
        case beside([NamedSchema])
        case all([ID])
        case any([ID])
        case one([ID])
        case not(ID)
        case choice(if: ID, then: ID?, else: ID?)
        /// The number of a target.
        case reference(Int)
        case unevaluatedElements(ID)
        case unevaluatedMembers(ID)
    }

    struct NamedSchema: Sendable {
        var name: String
        var schema: ID
    }

    struct PatternSchema: Sendable {
        var pattern: RegularExpression
        var schema: ID
    }

    enum InstanceType: String, Sendable {
        case null, boolean, integer, number, string, array, object
    }

    enum Bound: Sendable {
        case minimum, maximum, exclusiveMinimum, exclusiveMaximum
    }

    enum Measure: String, Sendable {
        case characters, elements, members
    }
}

extension CompiledSchema.Assertion {
    /// What long names and numbers in the schema add to the steps that it takes to apply.
    fileprivate var breadth: Int {
        switch self {
        case .bound(_, let limit): limit.breadth
        case .values(let values, _): values.reduce(0) { $0 + $1.numberBreadth }
        case .required(let names): names.breadth
        case .requiredBeside(let dependencies):
            dependencies.reduce(0) { $0 + $1.name.breadth + $1.required.breadth }
        case .members(let schemas, _), .beside(let schemas): schemas.reduce(0) { $0 + $1.name.breadth }
        default: 0
        }
    }
}

extension CompiledSchema.InstanceType {
    func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.null, .null), (.boolean, .bool), (.number, .number), (.string, .string), (.array, .array),
            (.object, .object):
            true
        case (.integer, .number(let number)): number.isWhole
        default: false
        }
    }
}

extension CompiledSchema.Bound {
    func admits(_ number: JSONNumber, _ limit: JSONNumber) -> Bool {
        switch self {
        case .minimum: number >= limit
        case .maximum: number <= limit
        case .exclusiveMinimum: number > limit
        case .exclusiveMaximum: number < limit
        }
    }

    var phrase: String {
        switch self {
        case .minimum: "at least"
        case .maximum: "at most"
        case .exclusiveMinimum: "greater than"
        case .exclusiveMaximum: "less than"
        }
    }
}

extension CompiledSchema.Measure {
    /// Nil when a value has no such size.
    func size(of value: JSONValue) -> Int? {
        switch (self, value) {
        case (.characters, .string(let text)): text.unicodeScalars.count
        case (.elements, .array(let elements)): elements.count
        case (.members, .object(let members)): members.count
        default: nil
        }
    }
}
