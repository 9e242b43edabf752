// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "72231af0e95f7dc14938419246303dc8929dfdfbd9d10fe5e8eaede8e8dd17ee"
}
