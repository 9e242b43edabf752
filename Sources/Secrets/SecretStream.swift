/// Keeps secrets out of a text that comes in pieces, also where a piece ends within one. What it lets through is, all
/// together, what `SecretMask.hide` makes of the whole text.
package struct SecretStream: Sendable {
    private let mask: SecretMask
    /// The beginning of what may be a secret: shorter than the longest one.
    private var held: [UInt8] = []

    package init(_ mask: SecretMask) { self.mask = mask }

    /// What may be seen of the text so far and was not given before.
    package mutating func take(_ text: String) -> String {
        if held.isEmpty {
            // Most texts hold nothing that a secret begins with, let alone one.
            guard text.utf8.contains(where: { mask.begins[Int($0)] }) else { return text }
        }
        held.append(contentsOf: text.utf8)
        return release(isOver: false)
    }

    /// What is left when nothing more comes.
    package mutating func finish() -> String {
        held.isEmpty ? "" : release(isOver: true)
    }

    private mutating func release(isOver: Bool) -> String {
        var shown: [UInt8] = []
        shown.reserveCapacity(held.count)
        var place = 0
        scan: while place < held.count {
            guard mask.begins[Int(held[place])] else {
                shown.append(held[place])
                place += 1
                continue
            }
            switch mask.match(at: place, of: held, isOver: isOver) {
            case .secret(let length):
                shown.append(contentsOf: SecretMask.cover.utf8)
                place += length
            case .undecided: break scan
            case .none:
                shown.append(held[place])
                place += 1
            }
        }
        held.removeFirst(place)
        return String(decoding: shown, as: UTF8.self)
    }
}

extension SecretMask {
    fileprivate enum Match {
        case secret(length: Int)
        /// More must come before one can tell.
        case undecided
        case none
    }

    /// The longest secret that stands at a place.
    fileprivate func match(at place: Int, of bytes: [UInt8], isOver: Bool) -> Match {
        let rest = bytes[place...]
        for needle in needles {
            if rest.count >= needle.count {
                if rest.starts(with: needle) { return .secret(length: needle.count) }
            } else if !isOver, needle.starts(with: rest) {
                return .undecided
            }
        }
        return .none
    }
}
