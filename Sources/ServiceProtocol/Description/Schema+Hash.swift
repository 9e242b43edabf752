// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "d4721a86cabde7a30f1092ed16287622c3c24d244a77219c0348172e11100ff6"
}
