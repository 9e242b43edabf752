/// The schemas of a document, by number, as the validator needs them.
struct CompiledSchemas: Sendable {
    /// The first is the document's own.
    var schemas: [CompiledSchema] = []
    var targets: [Target] = []
    /// For each name of a `$dynamicAnchor`, the schemas that bear it, by their resource.
    var dynamicAnchors: [[CompiledSchema.ResourceID: CompiledSchema.ID]] = []
    var places: [Place] = []

    /// Where a reference leads.
    struct Target: Sendable {
        var schema: CompiledSchema.ID
        /// The number of a name, when the outermost resource that bears it on a dynamic anchor has the say.
        var dynamicAnchor: Int?
    }

    /// A member or element of the document. Each knows the one around it alone, so that however deep a document is, a
    /// place costs the same.
    struct Place: Sendable, Hashable {
        typealias ID = Int

        /// Nil for the document.
        var parent: ID?
        var token: MemberName
    }

    func location(of schema: CompiledSchema.ID) -> JSONPointer { pointer(to: schemas[schema].place) }

    private func pointer(to place: Place.ID) -> JSONPointer {
        var tokens: [String] = []
        var next = places[place]
        while let parent = next.parent {
            tokens.append(next.token.text)
            next = places[parent]
        }
        return JSONPointer(tokens: tokens.reversed())
    }
}
