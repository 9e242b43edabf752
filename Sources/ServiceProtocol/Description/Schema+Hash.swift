// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "f3a2b741e311ca22e70535188639989bda5b5e906411e4a5077aa81ee9f9b2cf"
}
