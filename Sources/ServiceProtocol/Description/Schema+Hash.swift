// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "66a5b33f42b1d7c63ecb85d79a9ce2cee7c4d897f994fadad96570153b35d0e0"
}
