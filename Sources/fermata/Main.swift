import Glibc
import RPCTransport
import Server

@main
enum Main {
    static func main() {
        let streams = StandardStreams.take()
        var options = ServiceOptions(
            version: "0.1.0", defaultStore: Setting("memory:", from: .builtIn), cwd: "/tmp")
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            if argument == "--store" { options.store = arguments.popFirst() }
            if argument == "--allow-commands" { options.allowsCommands = true }
        }
        exit(serve(options, input: streams.input, output: streams.output, handlesSignals: true))
    }
}
