import Glibc

@testable import Configuration

/// A home and a repository in a temporary folder, which goes with it.
final class Workplace {
    let path: String

    init() throws {
        var template = Array("/tmp/fermata-configuration-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template), let real = realpath(made, nil) else { throw Failure(number: errno) }
        defer { free(real) }
        path = String(cString: real)
        try write("", to: "repository/.git")
    }

    deinit { removeFolder(path) }

    struct Failure: Error {
        let number: Int32
    }

    subscript(name: String) -> String { path + "/" + name }

    static let user = "home/.config/fermata/config.json"
    static let workspace = "repository/.fermata/config.json"

    func write(_ text: String, to name: String) throws {
        let parts = name.split(separator: "/")
        for count in 1..<max(parts.count, 1) {
            mkdir(self[parts.prefix(count).joined(separator: "/")], 0o700)
        }
        let descriptor = open(self[name], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        defer { close(descriptor) }
        var text = text
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }

    func makeFolder(_ name: String) { mkdir(self[name], 0o700) }

    /// The files for whoever works in a folder here.
    func files(in folder: String = "repository") -> ConfigurationFiles {
        ConfigurationFiles(configurationHome: nil, home: self["home"], directory: self[folder])
    }

    func load(in folder: String = "repository") throws(ConfigurationProblem) -> MergedConfiguration {
        try files(in: folder).load()
    }

    /// Why the files are not taken, without the path of this folder.
    func complaint() -> String? {
        do throws(ConfigurationProblem) {
            _ = try load()
            return nil
        } catch {
            var message = error.message
            while let place = message.firstRange(of: path + "/") { message.removeSubrange(place) }
            return "\(error.kind) \(message)"
        }
    }
}

private func removeFolder(_ path: String) {
    guard let folder = opendir(path) else { return _ = unlink(path) }
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        guard name != ".", name != ".." else { continue }
        if entry.pointee.d_type == DT_DIR { removeFolder(path + "/" + name) } else { unlink(path + "/" + name) }
    }
    closedir(folder)
    rmdir(path)
}
