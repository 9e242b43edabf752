internal import Glibc

/// Where files are, by their paths.
enum FilePlace {
    /// `~/` is the home. What has `:` at its end, such as `memory:`, is no path and stays.
    static func absolute(_ path: String, in folder: String, home: String?) -> String {
        if path.hasPrefix("/") || path.hasSuffix(":") { return path }
        if path.hasPrefix("~/"), let home { return home + path.dropFirst(1) }
        return folder + "/" + path
    }

    /// Whether a path, which need not be there yet, leads to within a folder, also through symbolic links.
    static func isWithin(_ folder: String, _ path: String) -> Bool {
        guard let root = resolved(folder) else { return false }
        // What is not there is looked for in what is: names only go down, so none may be `..`.
        var (existing, missing) = (path, [Substring]())
        while true {
            if let real = resolved(existing) {
                let inside = root == "/" ? root : root + "/"
                return missing.allSatisfy { $0 != ".." } && (real == root || real.hasPrefix(inside))
            }
            // A link that leads nowhere yet may be led anywhere.
            var status = stat()
            guard lstat(existing, &status) != 0, let slash = existing.lastIndex(of: "/") else { return false }
            missing.append(existing[existing.index(after: slash)...])
            existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
        }
    }

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
