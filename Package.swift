// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A room of the house. Arrows run down only: a room names the rooms below it, and nothing else.
func room(_ name: String, knows: [String] = []) -> Target {
    .target(name: name, dependencies: knows.map { .byName(name: $0) }, swiftSettings: strict)
}

func tests(of name: String, knows: [String] = [], exclude: [String] = []) -> Target {
    let dependencies = ([name] + knows).map { Target.Dependency.byName(name: $0) }
    return .testTarget(name: name + "Tests", dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "fermata",
    products: [.executable(name: "fermata", targets: ["fermata"])],
    targets: [
        .target(name: "CSystem"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        room("JSON"),
        room("RPC", knows: ["JSON"]),
        room("RPCTransport", knows: ["RPC", "JSON", "CSystem"]),
        room("Expressions", knows: ["JSON"]),
        room("ServiceProtocol", knows: ["RPC", "JSON"]),
        room("WorkflowModel", knows: ["JSON", "Expressions"]),
        room("WorkflowCore", knows: ["WorkflowModel", "JSON", "Expressions"]),
        room("WorkflowStore", knows: ["WorkflowModel", "JSON"]),
        room("SQLiteStore", knows: ["CSQLite", "CSystem", "WorkflowStore", "WorkflowModel", "JSON"]),
        room("WorkflowEngine", knows: ["WorkflowCore", "WorkflowStore", "WorkflowModel", "Expressions", "JSON", "CSystem"]),
        room("Commands", knows: ["WorkflowEngine", "WorkflowModel", "JSON", "CSystem"]),
        room("Agents", knows: ["WorkflowEngine", "WorkflowModel", "JSON"]),
        room(
            "Server",
            knows: [
                "WorkflowEngine", "WorkflowCore", "WorkflowStore", "WorkflowModel", "Expressions", "ServiceProtocol",
                "RPCTransport", "RPC", "JSON", "CSystem",
            ]),
        .executableTarget(
            name: "fermata",
            dependencies: [
                "Server", "Agents", "Commands", "SQLiteStore", "WorkflowEngine", "WorkflowStore", "WorkflowModel",
                "RPCTransport", "RPC", "ServiceProtocol", "JSON", "CSystem",
            ],
            swiftSettings: strict),
        tests(of: "JSON"),
        tests(of: "RPC", knows: ["JSON"]),
        tests(of: "RPCTransport", knows: ["RPC", "JSON", "CSystem"]),
        tests(of: "WorkflowCore", knows: ["WorkflowModel", "JSON"]),
        tests(of: "Commands", knows: ["WorkflowEngine", "WorkflowModel", "JSON", "CSystem"]),
    ]
)
