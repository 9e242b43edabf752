internal import Glibc
package import JSON
internal import WorkflowModel

/// A file of configuration that was read and is fine: its paths are absolute.
package struct ConfigurationFile: Sendable {
    package let path: String
    package let layer: ConfigurationLayer
    package let members: JSONObject
    let bytes: [UInt8]

    /// More than this is no configuration.
    private static let limit = 1 << 20

    /// Reads and checks a file; nil where there is none. What it says relative paths start from is `folder`; a
    /// workspace's paths must lie within that.
    package init?(
        _ path: String, _ layer: ConfigurationLayer, folder: String, home: String?
    ) throws(ConfigurationProblem) {
        self.path = path
        self.layer = layer
        var problem = ConfigurationProblem(kind: .invalid, file: path, pointer: JSONPointer(), complaint: "")
        guard let bytes = Self.read(path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            problem.complaint = "The configuration cannot be read: \(String(cString: strerror(errno)))."
            throw problem
        }
        self.bytes = bytes
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            problem.place = TextPosition(of: error.offset, in: bytes)
            problem.complaint = "The configuration must be JSON. \(error.message)"
            throw problem
        }
        var check = ConfigurationCheck(layer: layer, folder: folder, home: home)
        var members = check.members(of: value, ConfigurationMember.all, at: JSONPointer())
        members["$schema"] = nil
        if let complaint = check.complaint {
            problem.kind = complaint.kind
            problem.place = TextPosition(of: complaint.pointer.offset(in: bytes), in: bytes)
            problem.pointer = complaint.pointer
            problem.complaint = complaint.sentence
            problem.hint = complaint.hint
            throw problem
        }
        self.members = members
    }

    /// What is wrong with a member once all layers are known.
    package func problem(
        _ kind: ConfigurationProblem.Kind = .invalid, at pointer: JSONPointer, _ sentence: String, hint: String? = nil
    ) -> ConfigurationProblem {
        ConfigurationProblem(
            kind: kind, file: path, place: TextPosition(of: pointer.offset(in: bytes), in: bytes), pointer: pointer,
            complaint: sentence, hint: hint)
    }

    /// Nil, with `errno` set, where it cannot be read. A pipe or a device, which might never end, is not read.
    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            errno = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EFBIG
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let more = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count)
            }
            if more < 0, errno == EINTR { continue }
            guard more >= 0 else { return nil }
            if more == 0 { break }
            count += more
        }
        return Array(bytes[..<count])
    }
}
