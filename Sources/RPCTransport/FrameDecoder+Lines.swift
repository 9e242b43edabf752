/// One text a line.
extension FrameDecoder {
    mutating func nextLine() -> Frame? {
        while start < end {
            guard let lineEnd = lineEnd() else { return unfinishedLine() }
            let line = start..<lineEnd
            take(to: lineEnd + 1)
            if let frame = frame(line) { return frame }
        }
        return nil
    }

    /// Drops what is left of a line that was too large. False when its end is not there yet.
    mutating func skipLine() -> Bool {
        guard let lineEnd = lineEnd() else {
            take(to: end)
            return false
        }
        take(to: lineEnd + 1)
        state = .line
        return true
    }

    private mutating func unfinishedLine() -> Frame? {
        let line = start..<end
        if isAtEnd {
            take(to: end)
            return frame(line)
        }
        // One byte more may be the carriage return of the line's end.
        guard line.count > maxMessageBytes + 1 else { return nil }
        take(to: end)
        state = .restOfLine
        return .tooLarge(prefix: line.prefix(Self.prefixLimit))
    }

    private func frame(_ line: Range<Int>) -> Frame? {
        let text = bytes(line)
        if text.count >= maxMessageBytes, text.count - (text.last == 0x0D ? 1 : 0) > maxMessageBytes {
            return .tooLarge(prefix: line.prefix(Self.prefixLimit))
        }
        return text.isBlank ? nil : .message(line)
    }
}
