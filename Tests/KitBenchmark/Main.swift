import FermataKit
import Glibc

/// What a typed run of three steps costs beside the same run of the engine without the library: both on SQLite, with bodies
/// that are tasks, by turns in one process. Prints microseconds a run, and the ratio.
///
///     kit-benchmark [rounds] [runs a round] [folder]
@main
enum Main {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let rounds = arguments.first ?? 30
        let runs = arguments.dropFirst().first ?? 100
        let place = CommandLine.arguments.dropFirst(3).first ?? "/tmp"
        let (left, right) = (Folder(in: place), Folder(in: place))
        let fermata = Fermata(store: .file(left.path + "/runs.db"))
        let engine = BareEngine(at: right.path + "/runs.db")
        var (bare, typed, ratios): ([Double], [Double], [Double]) = ([], [], [])
        // The first round warms both up.
        for round in 0...rounds {
            let plain = try await measure(runs) { try await engine.run() }
            let library = try await measure(runs) {
                let output = try await Three().run("hello", on: fermata).start().result
                precondition(output == "hello")
            }
            guard round > 0 else { continue }
            bare.append(plain)
            typed.append(library)
            ratios.append(library / plain)
        }
        await fermata.close()
        await engine.close()
        print("engine \(median(bare)) µs a run, typed \(median(typed)) µs a run")
        let hundredths = Int((median(ratios) * 100).rounded())
        print("ratio \(hundredths / 100).\(hundredths / 10 % 10)\(hundredths % 10)")
    }

    /// Microseconds a run, one after the other.
    private static func measure(_ runs: Int, _ run: @Sendable () async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<runs { try await run() }
        return (clock.now - start) / .microseconds(1) / Double(runs)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

private struct Three: Workflow {
    func execute(_ text: String, in context: Context) async throws -> String {
        let first = try await context.step("a") { text }
        let second = try await context.step("b") { first }
        return try await context.step("c") { second }
    }
}

/// A folder of its own for each store: what watches a store would see the other's writes.
private final class Folder {
    let path: String

    init(in place: String) {
        var template = Array("\(place)/fermata-benchmark-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }

    deinit {
        var process = pid_t()
        let arguments = ["rm", "-rf", path]
        let words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        if posix_spawn(&process, "/bin/rm", nil, nil, words, environ) == 0 { waitpid(process, nil, 0) }
    }
}
