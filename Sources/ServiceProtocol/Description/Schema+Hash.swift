// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "f1affa773e649feeb7b593a22d251a9c996c9b8d010954e736e5f2a48e821757"
}
