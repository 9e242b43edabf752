internal import Glibc

/// Where a journal on SQLite is.
package enum StoreLocation: Sendable, Hashable {
    /// A database file, made with its folders when it is not there. `~` is not expanded.
    case file(String)
    /// A database of this journal's own that goes with it.
    case memory
}

extension StoreLocation {
    /// The path of the file itself, where `path` is a link to it. What stands beside a store, and above all the signs of
    /// life of the engines on it, must be in one place, by whatever name the store is opened.
    package static func resolved(_ path: String) -> String {
        var byte: CChar = 0
        // Of most paths this one look tells that they are none.
        guard readlink(path, &byte, 1) >= 0, let target = realpath(path, nil) else { return path }
        defer { free(target) }
        return String(cString: target)
    }
}
