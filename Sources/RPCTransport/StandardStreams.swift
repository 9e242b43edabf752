internal import Glibc

/// Standard input and output, taken for the protocol alone.
package struct StandardStreams: Sendable {
    package let input: Int32
    /// A private duplicate of standard output, closed on exec.
    package let output: Int32

    /// Points descriptor 1 at standard error, so that whatever else prints cannot fall between messages, and ignores
    /// SIGPIPE, so that a peer who left is an error of `write`. Call it once, before anything opens a descriptor.
    package static func take() -> StandardStreams {
        signal(SIGPIPE, SIG_IGN)
        let output = fcntl(1, F_DUPFD_CLOEXEC, 3)
        occupyStandardDescriptors()
        dup2(2, 1)
        return StandardStreams(input: 0, output: output)
    }

    /// Where the parent closed one of them, the next file to be opened would get its number.
    private static func occupyStandardDescriptors() {
        while true {
            let descriptor = open("/dev/null", O_RDWR)
            guard descriptor > 2 else {
                guard descriptor >= 0 else { return }
                continue
            }
            close(descriptor)
            return
        }
    }
}
