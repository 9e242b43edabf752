// Written by `fermata schema`.
extension Schema {
    /// SHA-256 of what `rpc.discover` gives, known without making it.
    package static let hash = "b2773cc65d851faf043d3b1ab3d879c80b477b38ce8c6d885675ffa8e9ff06e2"
}
