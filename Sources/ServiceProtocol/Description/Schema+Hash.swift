// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "f01eaadf694d8afa0aeaebb65e87f11c7816dc1d0ffe6dd6cf79cdd29800b4d0"
}
