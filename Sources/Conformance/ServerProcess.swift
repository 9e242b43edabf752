import CSystem
import Glibc
package import JSON

/// A server under test: a shell command that speaks the protocol on its standard streams, a message a line. It runs in a folder of its
/// own, which is also its home, so that it finds nothing that another session left.
package final class ServerProcess {
    private let pid: pid_t
    private var input: Int32
    private let output: Int32
    private let folder: String
    private var received: [UInt8] = []
    private(set) var hasEnded = false

    package init(command: String) throws(FixtureError) {
        signal(SIGPIPE, SIG_IGN)
        var template = Array("/tmp/fermata-conformance-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FixtureError("there is no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var (toServer, fromServer): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard fermata_pipe(&toServer) == 0, fermata_pipe(&fromServer) == 0 else {
            throw FixtureError("there are no descriptors left")
        }
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { for descriptor in [toServer[0], fromServer[1], null] { close(descriptor) } }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        var pid: pid_t = 0
        let folder = folder
        let status = Self.withCStrings(["/bin/sh", "-c", command]) { arguments in
            Self.withCStrings(["PATH=\(path)", "HOME=\(folder)"]) { environment in
                fermata_spawn(&pid, arguments, environment, folder, [toServer[0], fromServer[1], null])
            }
        }
        guard status == 0 else {
            throw FixtureError("the server cannot be started: \(String(cString: strerror(status)))")
        }
        self.pid = pid
        (input, output) = (toServer[1], fromServer[0])
    }

    deinit {
        endInput()
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        close(output)
        Self.remove(folder)
    }

    package func endInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    package func send(_ message: JSONValue) throws(FixtureError) {
        let bytes = Array((message.serialized() + "\n").utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FixtureError("the server reads no more") }
            start += count
        }
    }

    /// The next message, within `milliseconds`; nil when none came, or the output has ended.
    package func next(within milliseconds: Int32) throws(FixtureError) -> JSONValue? {
        while true {
            if let end = received.firstIndex(of: 0x0A) {
                let line = Array(received[..<end])
                received.removeSubrange(...end)
                do { return try JSONValue(parsing: line) } catch {
                    throw FixtureError(
                        "the server said what is no JSON: \(String(decoding: line.prefix(200), as: UTF8.self))")
                }
            }
            var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard !hasEnded, poll(&ready, 1, milliseconds) > 0 else { return nil }
            var room = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(output, &room, room.count)
            if count <= 0 { hasEnded = true } else { received += room[..<count] }
        }
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            closedir(stream)
        }
        rmdir(path)
    }
}
