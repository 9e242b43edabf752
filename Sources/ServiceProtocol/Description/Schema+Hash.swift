// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "4ae8cfed4e09128825573f3d6c0bf07532584dc7c0c86a745367b0f5cd5c9cc1"
}
