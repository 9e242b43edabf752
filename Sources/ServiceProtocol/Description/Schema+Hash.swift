// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "d946ae50d033cf97edde9894c94519991c0b00765026c4005b4523937d6dd8b3"
}
