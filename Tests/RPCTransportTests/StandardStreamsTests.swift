import CSystem
import Glibc
import Testing

@testable import RPCTransport

@Suite("Standard streams")
struct StandardStreamsTests {
    @Test("Prints go to standard error, and the private output is closed on exec")
    func take() async {
        await #expect(processExitsWith: .success) {
            var (out, err): ([Int32], [Int32]) = ([0, 0], [0, 0])
            guard fermata_pipe(&out) == 0, fermata_pipe(&err) == 0 else { exit(2) }
            dup2(out[1], 1)
            dup2(err[1], 2)
            let streams = StandardStreams.take()
            guard streams.input == 0, streams.output > 2 else { exit(3) }
            guard fcntl(streams.output, F_GETFD) & FD_CLOEXEC != 0 else { exit(4) }
            Glibc.write(1, "stray", 5)
            Glibc.write(streams.output, "protocol", 8)
            var room = [UInt8](repeating: 0, count: 20)
            guard Glibc.read(out[0], &room, 20) == 8, Glibc.read(err[0], &room, 20) == 5 else { exit(5) }
            exit(0)
        }
    }

    @Test("Standard descriptors that the parent closed do not go to the next file")
    func closedDescriptors() async {
        await #expect(processExitsWith: .success) {
            for descriptor in 0...2 { close(Int32(descriptor)) }
            let streams = StandardStreams.take()
            guard streams.output == -1 else { exit(3) }
            guard open("/dev/null", O_RDWR) > 2 else { exit(4) }
            exit(0)
        }
    }
}
