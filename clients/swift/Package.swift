// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "deploy-server",
    dependencies: [.package(name: "fermata", path: "../..")],
    targets: [
        .executableTarget(
            name: "deploy-server", dependencies: [.product(name: "FermataKit", package: "fermata")])
    ]
)
