// swift-tools-version: 6.3
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// The rooms do without the standard library's regular expressions and its search for texts, which would be a tenth of the
/// executable: `JSON/String+Search.swift`.
let plain: SwiftSetting = .unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])

/// What a release gains by seeing through its rooms. That nothing is changed while it is read is checked in debug builds,
/// which the tests run in.
/// Every function is a section of its own, which the linker can leave out or put elsewhere; and a generic type is asked for
/// with its arguments, not by its name, which would be read and looked up when the type is first used.
let optimized: SwiftSetting = .unsafeFlags(
    ["-cross-module-optimization", "-enforce-exclusivity=unchecked"]
        + ["-function-sections", "-disable-concrete-type-metadata-mangled-name-accessors"].flatMap {
            ["-Xfrontend", $0]
        },
    .when(configuration: .release))

/// Rooms that nobody waits for are built small: a person's command line, pictures, descriptions, and what waits for
/// processes and networks anyway.
let small: Set = [
    "Commands", "Conformance", "Contract", "Diagrams", "HTTP", "MCP", "RegularExpressions", "Terminal",
]
let sized: SwiftSetting = .unsafeFlags(["-Osize"], .when(configuration: .release))

/// A C library: its archive where the system has one, else the shared object. An archive spares the loader a file to
/// find, map and bind, which is much of what it takes to start.
func library(_ name: String, in folders: [String]) -> [String] {
    let archives = folders.map { "\($0)/lib\(name).a" }
    return archives.first { FileManager.default.fileExists(atPath: $0) }.map { [$0] } ?? ["-l\(name)"]
}

let multiarch = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
let compilers = ["x86_64", "aarch64"].flatMap { arch in
    (9...20).reversed().map { "/usr/lib/gcc/\(arch)-linux-gnu/\($0)" }
}

/// What the linker is told about the executable: what to leave out, and where things stand.
let link = Context.packageDirectory + "/Sources/fermata/Link"

/// Functions of Swift's runtime and of SQLite that bring much which nobody uses: `CStart` has others in their places.
let replaced = ["_swift_stdlib_getScalarName", "sqlite3Fts3Init", "sqlite3Fts5Init", "sqlite3RtreeInit"]

/// No relocation, nothing unused, nothing twice, no symbols, no tables for unwinding: the executable is small and starts
/// in a blink. What a start calls stands together, so that it takes few pages of the file (`.ci/order` writes down what
/// that is).
let lean: [String] = {
    let linker: [String] = [
        "--no-export-dynamic", "--gc-sections", "--icf=all", "-s", "--no-warn-symbol-ordering",
        "--symbol-ordering-file=\(link)/start.order", "--script=\(link)/sections.ld", "--no-eh-frame-hdr",
    ]
    var flags = ["-use-ld=lld", "-Xclang-linker", "-no-pie", "-Xclang-linker", "-static-libgcc"]
    flags += (linker + replaced.map { "--wrap=\($0)" }).flatMap { ["-Xlinker", $0] }
    // Where libstdc++'s archive is, the folder says to take it, for the driver asks for the shared object.
    if library("stdc++", in: compilers) != ["-lstdc++"] { flags.append("-L" + link) }
    return flags
}()

/// A room of the house. Arrows run down only: a room names the rooms below it, and nothing else.
func room(_ name: String, knows: [String] = [], exclude: [String] = [], links: [String] = []) -> Target {
    .target(
        name: name, dependencies: knows.map { .byName(name: $0) }, exclude: exclude,
        swiftSettings: strict + [plain, optimized] + (small.contains(name) ? [sized] : []),
        linkerSettings: links.isEmpty ? [] : [.unsafeFlags(links)])
}

func tests(of name: String, knows: [String] = [], exclude: [String] = []) -> Target {
    let dependencies = ([name] + knows).map { Target.Dependency.byName(name: $0) }
    return .testTarget(name: name + "Tests", dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "fermata",
    products: [
        .executable(name: "fermata", targets: ["fermata"]),
        .library(name: "FermataKit", targets: ["FermataKit"]),
        .library(name: "FermataTesting", targets: ["FermataTesting"]),
    ],
    targets: [
        .target(name: "CSystem"),
        .target(name: "CSQLite"),
        .target(name: "CStart"),
        room("Threads"),
        room("RegularExpressions"),
        room("JSON", knows: ["RegularExpressions"]),
        room("Secrets", knows: ["JSON"]),
        room("Calendar"),
        room("RPC", knows: ["JSON"]),
        room("RPCTransport", knows: ["RPC", "JSON", "Threads", "CSystem"]),
        room("Expressions", knows: ["JSON", "RegularExpressions", "Calendar"]),
        room("ServiceProtocol", knows: ["RPC", "JSON"]),
        room("WorkflowModel", knows: ["JSON", "Expressions", "Calendar"]),
        room("Diagrams", knows: ["WorkflowModel", "JSON", "Expressions"]),
        room("WorkflowCore", knows: ["WorkflowModel", "JSON", "Expressions"]),
        room("WorkflowStore", knows: ["WorkflowModel", "JSON"]),
        room(
            "SQLiteStore", knows: ["CSQLite", "CSystem", "WorkflowStore", "WorkflowModel", "JSON"],
            links: library("sqlite3", in: multiarch) + ["-lm"]),
        room(
            "WorkflowEngine",
            knows: [
                "WorkflowCore", "WorkflowStore", "WorkflowModel", "Expressions", "Secrets", "JSON", "Threads",
                "CSystem",
            ]),
        room(
            "Commands",
            knows: ["WorkflowEngine", "WorkflowStore", "WorkflowModel", "JSON", "Threads", "CSystem"]),
        room("Configuration", knows: ["ServiceProtocol", "WorkflowModel", "JSON"]),
        room("Contract", knows: ["WorkflowModel", "JSON"]),
        room("Conformance", knows: ["Contract", "RPCTransport", "JSON", "CSystem"]),
        room(
            "MCP",
            knows: ["Commands", "RPCTransport", "RPC", "WorkflowEngine", "WorkflowModel", "JSON", "Threads"]),
        room("Terminal", knows: ["Conformance", "Contract", "RPCTransport", "RPC", "JSON", "Threads", "CSystem"]),
        room("HTTP", knows: ["Threads", "CSystem"]),
        room(
            "Agents",
            knows: ["HTTP", "Commands", "WorkflowEngine", "WorkflowModel", "Secrets", "JSON", "Calendar", "Threads"],
            exclude: ["README.md"]),
        room("Simulator", knows: ["WorkflowEngine", "WorkflowCore", "WorkflowStore", "WorkflowModel", "JSON"]),
        room(
            "Server",
            knows: [
                "Configuration", "Diagrams", "WorkflowEngine", "WorkflowCore", "WorkflowStore", "WorkflowModel",
                "Expressions", "ServiceProtocol", "RPCTransport", "RPC", "Secrets", "JSON", "Threads", "CSystem",
            ]),
        room(
            "Composition",
            knows: [
                "Server", "Configuration", "Agents", "MCP", "Commands", "SQLiteStore", "WorkflowEngine",
                "WorkflowStore", "WorkflowModel", "ServiceProtocol", "RPC", "Secrets", "JSON", "Threads", "CSystem",
            ]),
        room(
            "FermataKit",
            knows: [
                "Composition", "Server", "Configuration", "Agents", "SQLiteStore", "WorkflowEngine", "WorkflowCore",
                "WorkflowStore", "WorkflowModel", "RPCTransport", "RPC", "Secrets", "JSON", "Threads",
            ],
            exclude: ["README.md"]),
        room(
            "FermataTesting",
            knows: [
                "FermataKit", "Composition", "Server", "Configuration", "Agents", "WorkflowEngine", "WorkflowStore",
                "WorkflowModel",
            ]),
        .executableTarget(
            name: "fermata",
            dependencies: [
                "Composition", "Terminal", "Server", "Configuration", "Agents", "Commands", "SQLiteStore",
                "WorkflowEngine", "WorkflowStore", "WorkflowModel", "ServiceProtocol", "RPCTransport", "RPC", "Secrets",
                "JSON", "CStart",
            ],
            exclude: ["Link"], swiftSettings: strict + [plain, optimized],
            linkerSettings: [
                .unsafeFlags(lean, .when(configuration: .release))
            ]),
        .executableTarget(name: "simulate", dependencies: ["Simulator"], swiftSettings: strict + [plain, optimized]),
        tests(of: "RegularExpressions"),
        tests(of: "Secrets", knows: ["JSON"]),
        tests(of: "Configuration", knows: ["JSON"]),
        tests(of: "Calendar"),
        tests(of: "JSON"),
        tests(of: "RPC", knows: ["JSON"]),
        tests(of: "RPCTransport", knows: ["RPC", "JSON", "Threads", "CSystem"]),
        tests(of: "Expressions", knows: ["JSON"]),
        tests(of: "WorkflowModel", knows: ["Expressions", "JSON"]),
        tests(of: "Diagrams", knows: ["WorkflowModel", "JSON"]),
        tests(of: "WorkflowCore", knows: ["WorkflowModel", "JSON"]),
        tests(of: "WorkflowEngine", knows: ["WorkflowCore", "WorkflowStore", "WorkflowModel", "JSON"]),
        tests(
            of: "Simulator", knows: ["WorkflowEngine", "WorkflowCore", "WorkflowStore", "WorkflowModel", "JSON"],
            exclude: ["Bugs", "catch-bugs"]),
        tests(
            of: "FermataKit",
            knows: [
                "FermataTesting", "deploy-test-program", "Simulator", "SQLiteStore", "WorkflowEngine", "WorkflowCore",
                "WorkflowStore", "WorkflowModel", "JSON",
            ],
            exclude: ["Surface/surface.txt"]),
        .executableTarget(
            name: "deploy-test-program", dependencies: ["FermataKit"], path: "Tests/DeployProgram",
            swiftSettings: strict),
        .executableTarget(
            name: "kit-benchmark",
            dependencies: [
                "FermataKit", "Composition", "SQLiteStore", "WorkflowEngine", "WorkflowModel", "JSON", "Threads",
            ],
            path: "Tests/KitBenchmark", swiftSettings: strict),
        .executableTarget(
            name: "mcp-test-server", dependencies: ["JSON"], path: "Tests/MCPServer", swiftSettings: strict),
        tests(of: "MCP", knows: ["mcp-test-server", "WorkflowEngine", "WorkflowModel", "JSON", "Threads"]),
        tests(of: "Commands", knows: ["WorkflowEngine", "WorkflowModel", "JSON", "CSystem"]),
        .target(
            name: "LoopbackServer", dependencies: ["Threads"], path: "Tests/LoopbackServer", swiftSettings: strict),
        tests(of: "HTTP", knows: ["LoopbackServer", "Threads"]),
        tests(of: "Agents", knows: ["LoopbackServer", "HTTP", "Commands", "WorkflowEngine", "WorkflowModel", "JSON"]),
        .target(
            name: "JournalSuite", dependencies: ["WorkflowStore", "WorkflowModel", "JSON"], path: "Tests/JournalSuite",
            swiftSettings: strict),
        tests(of: "WorkflowStore", knows: ["JournalSuite", "WorkflowModel", "JSON"]),
        tests(
            of: "SQLiteStore", knows: ["JournalSuite", "WorkflowStore", "WorkflowModel", "JSON", "CSystem", "CSQLite"]),
        tests(of: "Terminal", knows: ["Contract", "JSON", "RPC", "RPCTransport", "CSystem"]),
        .testTarget(
            name: "ExecutableTests",
            dependencies: [
                "fermata", "mcp-test-server", "LoopbackServer", "Conformance", "Contract", "Simulator", "SQLiteStore",
                "HTTP", "JSON", "CSQLite", "CSystem",
            ],
            exclude: ["README.md", "Recordings"], swiftSettings: strict),
        .testTarget(
            name: "FuzzingTests",
            dependencies: [
                "WorkflowEngine", "WorkflowCore", "WorkflowModel", "RPCTransport", "RPC", "Expressions",
                "RegularExpressions", "JSON",
            ],
            path: "Tests/Fuzzing", exclude: ["README.md", "run", "Entry.swift", "seeds", "words"],
            swiftSettings: strict),
    ]
)
