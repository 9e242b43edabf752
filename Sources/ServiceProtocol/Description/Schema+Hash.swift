// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "0dcec37ca4e34e7eca1480c7acf8628c3a791673e074b94b80bbef303af2707e"
}
