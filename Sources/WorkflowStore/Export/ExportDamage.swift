/// Why a file is no export as it was written.
package struct ExportDamage: Error, Sendable, Hashable {
    /// From 1.
    package var line: Int
    /// Where that line begins, in bytes from 0.
    package var byte: Int
    package var message: String

    package init(line: Int, byte: Int, _ message: String) {
        self.line = line
        self.byte = byte
        self.message = message
    }
}
