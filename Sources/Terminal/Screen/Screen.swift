import Glibc

/// Where a command writes and reads: three descriptors, and what they can do.
package final class Screen {
    package let isColored: Bool
    /// Whether lines may be rewritten: standard output is a terminal.
    package let isTerminal: Bool
    /// Whether somebody can be asked: input is a terminal too.
    package let canAsk: Bool
    package let input: Int32
    private let output: Int32
    private let errors: Int32
    /// The line that is rewritten until something else is written; empty when there is none.
    private var status = ""
    private(set) var isAtLineStart = true

    /// `canAsk` is found out where it is not given.
    package init(
        input: Int32 = 0, output: Int32 = 1, errors: Int32 = 2, isPlain: Bool, canAsk: Bool? = nil
    ) {
        self.input = input
        self.output = output
        self.errors = errors
        isTerminal = isatty(output) == 1 && !isPlain
        isColored = isTerminal
        self.canAsk = canAsk ?? (isatty(input) == 1 && isatty(output) == 1)
    }

    /// How many characters fit into a line.
    package var width: Int {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    package func styled(_ text: String, _ style: Style) -> String { style.apply(to: text, isColored: isColored) }

    /// A whole line.
    package func line(_ text: String = "") {
        finishLine()
        put(text + "\n")
    }

    package func lines(_ lines: [String]) {
        for text in lines { line(text) }
    }

    /// Text as it comes, which need not end its line.
    package func write(_ text: String) {
        guard !text.isEmpty else { return }
        put(text)
        isAtLineStart = text.utf8.last == UInt8(ascii: "\n")
    }

    /// Begins a new line, where one was begun.
    package func finishLine() {
        if !isAtLineStart { put("\n") }
        isAtLineStart = true
    }

    /// A person's Enter has ended the line.
    func lineWasEnded() { isAtLineStart = true }

    package func error(_ text: String) {
        clearStatus()
        finishLine()
        Self.writeAll(text + "\n", to: errors)
    }

    package func report(_ complaint: Complaint) {
        error("fermata: " + complaint.message.printable)
        if let hint = complaint.hint { error("  " + hint.printable) }
    }

    /// Shows `text` until the next thing is written; only where lines may be rewritten, and never within a line.
    package func showStatus(_ text: String) {
        guard isTerminal, isAtLineStart, text != status else { return }
        status = text
        Self.writeAll("\r\(text)\u{1B}[K", to: output)
    }

    package func clearStatus() {
        guard !status.isEmpty else { return }
        status = ""
        Self.writeAll("\r\u{1B}[K", to: output)
    }

    private func put(_ text: String) {
        clearStatus()
        Self.writeAll(text, to: output)
    }

    /// A reader who has left is nobody to complain to.
    private static func writeAll(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
