internal import CSystem
internal import Glibc
package import WorkflowStore

/// Tells when somebody, another process or this one, has written to the database, and when another engine showed itself
/// or went: a thread that sleeps in the kernel until the -wal file or the engines' folder changes.
///
/// It watches the folder and not the file, since the last engine to leave removes the -wal file and the next makes
/// another. A write is seen before its commit is: SQLite writes, syncs, and only then lets others see. So after the last
/// write the watcher tells several times, ever more slowly, and then sleeps; the listener looks, and may well find nothing.
package final class StoreWatcher: Sendable {
    private let thread: pthread_t
    /// Closing this end wakes the thread for the last time.
    private let stopEnd: Int32

    package enum Change: Sendable {
        /// Something was written, and may be committed.
        case journal
        /// An engine came, gave a sign of life, or went.
        case engines
    }

    /// Watches the database at `path`, whose folder must be there. `onChange` is called on the watcher's own thread.
    package init(path: String, onChange: @escaping @Sendable (Change) -> Void) throws(StoreError) {
        let folder = PrivateFile.folder(of: path)
        let engines = EngineLock.folder(of: path)
        try PrivateFile.createFolder(engines)
        let changes = fermata_watch(folder, engines)
        guard changes >= 0 else { throw PrivateFile.failure("watch", folder) }
        var ends: [Int32] = [0, 0]
        guard fermata_pipe(&ends) == 0 else {
            close(changes)
            throw PrivateFile.failure("open a pipe to watch", folder)
        }
        let name = Array((path.split(separator: "/").last ?? "").utf8) + Array("-wal".utf8)
        let loop = Unmanaged.passRetained(
            WatchLoop(changes: changes, stop: ends[0], fileName: name, onChange: onChange))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { loop in
                Unmanaged<WatchLoop>.fromOpaque(loop!).takeRetainedValue().run()
                return nil
            }, loop.toOpaque())
        guard code == 0 else {
            loop.release()
            close(ends[1])
            throw .unavailable("There is no thread to watch \(folder): \(String(cString: strerror(code))).")
        }
        self.thread = thread
        stopEnd = ends[1]
    }

    /// Stops, and waits for a call that is under way. So it must not be the closure that lets go of the watcher.
    deinit {
        close(stopEnd)
        pthread_join(thread, nil)
    }
}

/// What the thread runs. It owns its descriptors.
private final class WatchLoop {
    /// Milliseconds from a write, or from the last call, to the next call. The first also bounds how often we call.
    private static let pauses: [Int32] = [10, 30, 200, 1000, 5000]

    private let changes: Int32
    private let stop: Int32
    private let fileName: [UInt8]
    private let onChange: @Sendable (StoreWatcher.Change) -> Void
    /// How many calls still tell of a change among the engines: the kernel tells that a file was closed just before its
    /// lock is free.
    private var callsForEngines = 0

    init(
        changes: Int32, stop: Int32, fileName: [UInt8], onChange: @escaping @Sendable (StoreWatcher.Change) -> Void
    ) {
        self.changes = changes
        self.stop = stop
        self.fileName = fileName
        self.onChange = onChange
    }

    deinit {
        close(changes)
        close(stop)
    }

    func run() {
        var next = Self.pauses.count
        while true {
            // Just after a write we do not listen: what is written meanwhile belongs to the same call.
            let isListening = next > 0
            var descriptors = [pollfd(fd: stop, events: Int16(POLLIN), revents: 0)]
            if isListening { descriptors.append(pollfd(fd: changes, events: Int16(POLLIN), revents: 0)) }
            let pause = next < Self.pauses.count ? Self.pauses[next] : -1
            let count = poll(&descriptors, nfds_t(descriptors.count), pause)
            if count < 0 { continue }
            if descriptors[0].revents != 0 { return }
            if count == 0 {
                call()
                next += 1
            } else if hasRead() {
                next = 0
            }
        }
    }

    private func call() {
        onChange(.journal)
        guard callsForEngines > 0 else { return }
        callsForEngines -= 1
        onChange(.engines)
    }

    /// Takes all that the kernel has to tell; whether any of it is of interest.
    private func hasRead() -> Bool {
        var isOurs = false
        return withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 8) { buffer in
            while true {
                let count = read(changes, buffer.baseAddress!, buffer.count)
                if count <= 0 { return isOurs }
                isOurs = isOfInterest(UnsafeRawBufferPointer(rebasing: buffer[..<count])) || isOurs
            }
        }
    }

    private func isOfInterest(_ records: UnsafeRawBufferPointer) -> Bool {
        // An inotify_event: watch, mask, cookie, length, each of 32 bits, and then a name padded with zeros.
        var (offset, isOurs) = (0, false)
        while offset + 16 <= records.count {
            let mask = records.load(fromByteOffset: offset + 4, as: UInt32.self)
            let length = Int(records.load(fromByteOffset: offset + 12, as: UInt32.self))
            let name = records[offset + 16..<offset + 16 + length].prefix { $0 != 0 }
            // In the database's folder we are told of writes, in that of the engines of all else.
            if mask & UInt32(IN_Q_OVERFLOW) != 0 || mask & UInt32(IN_MODIFY) == 0 {
                callsForEngines = 2
                isOurs = true
            } else if name.elementsEqual(fileName) {
                isOurs = true
            }
            offset += 16 + length
        }
        return isOurs
    }
}
