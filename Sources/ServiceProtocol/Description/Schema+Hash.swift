// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "ca8b929191bffab5a16567396f4cd7fb1401fa9bbfa4272969277835ddb24567"
}
