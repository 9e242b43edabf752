import Glibc
import Testing

@Suite("Inputs of the fuzzer that are kept")
struct SeedTests {
    @Test("Each is read, or refused, and no promise about it is broken", arguments: FuzzTarget.allCases)
    func seeds(target: FuzzTarget) throws {
        let folder =
            #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/seeds/\(target.rawValue)"
        let names = try names(in: folder)
        #expect(!names.isEmpty)
        for name in names {
            let bytes = try bytes(of: folder + "/" + name)
            #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try bytes.withUnsafeBytes(target.check) }
        }
    }

    private func names(in folder: String) throws -> [String] {
        let directory = try #require(opendir(folder), "\(folder) cannot be opened, errno \(errno)")
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private func bytes(of path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"), "\(path) cannot be opened, errno \(errno)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&room, 1, room.count, file), count > 0 { bytes += room[..<count] }
        return bytes
    }
}
