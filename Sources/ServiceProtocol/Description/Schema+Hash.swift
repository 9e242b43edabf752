// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "df92de1d4be1d193adea71b8650a1a4d540304e2bb76f430cdda7558bf29b2f0"
}
