/// The members of an object on the wire, in their order.
///
/// What the service reads declares itself by being read: `Parameters(declaring:)` notes every member that is asked for. So a message has
/// one declaration, which decodes it and describes it.
package final class Members {
    package struct Member {
        package let name: String
        package let shape: Shape
        package let isRequired: Bool
        /// One sentence, for whoever writes a client.
        package let summary: String
    }

    package private(set) var all: [Member]
    /// What members are whose names are somebody's choice.
    package private(set) var others: Shape?
    /// Whether null counts as absent, as it does in all that the service reads.
    package let acceptsNull: Bool

    package init(_ members: [Member]) {
        all = members
        acceptsNull = false
    }

    /// Of what the service reads.
    package init(ofRead members: [Member]) {
        all = members
        acceptsNull = true
    }

    /// What `read` asks for: it is shown made-up values, which it has no reason to refuse.
    package static func read(_ read: (Parameters) throws(RPCError) -> Void) -> Members {
        let members = Members(ofRead: [])
        do throws(RPCError) {
            try read(Parameters(declaring: members))
        } catch {
            preconditionFailure("A message must not refuse to be declared: \(error.message)")
        }
        return members
    }

    func note(others shape: Shape) { others = shape }

    func note(_ member: Member) {
        // A second look at a member, to read it another way, declares nothing new.
        if !all.contains(where: { $0.name == member.name }) { all.append(member) }
    }
}

extension Members.Member {
    package static func required(_ name: String, _ shape: Shape, _ summary: String) -> Members.Member {
        Members.Member(name: name, shape: shape, isRequired: true, summary: summary)
    }

    package static func optional(_ name: String, _ shape: Shape, _ summary: String) -> Members.Member {
        Members.Member(name: name, shape: shape, isRequired: false, summary: summary)
    }
}
