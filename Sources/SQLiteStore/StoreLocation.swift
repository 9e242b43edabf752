/// Where a journal on SQLite is.
package enum StoreLocation: Sendable, Hashable {
    /// A database file, made with its folders when it is not there. `~` is not expanded.
    case file(String)
    /// A database of this journal's own that goes with it.
    case memory
}
