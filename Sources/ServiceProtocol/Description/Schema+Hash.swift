// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "6113a82a621eea244e6f4477c464f667ed8bf089682f05c9b5d31a3b1bc2710d"
}
