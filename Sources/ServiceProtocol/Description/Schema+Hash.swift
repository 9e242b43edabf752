// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "53bd82083c832288bfb0812ee9916ed1f00d925870fa16dcf5dc13e0b55d073b"
}
