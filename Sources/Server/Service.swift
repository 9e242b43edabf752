import Glibc
import RPC
import RPCTransport
import Threads
package import WorkflowEngine
import WorkflowModel

/// One client served: a thread reads, the calling thread is the engine's.
package final class Service: Sendable {
    private let mailbox = Mailbox()
    private let input: Int32
    private let output: Int32

    package init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// What wakes the engine when others wrote to its store. Safe from any thread.
    package func storeChanged() {
        mailbox.post(.storeChanged)
    }

    /// What tells the engine that another one on its store came, gave a sign of life, or went. Safe from any thread.
    package func enginesChanged() {
        mailbox.post(.enginesChanged)
    }

    /// Ends the session from outside, for a signal or the death of the host; running work stays recoverable. Safe from any thread.
    package func terminate(exitCode: Int32) {
        mailbox.post(.call { engine in (engine.observer as? Session)?.terminate(exitCode: exitCode) })
    }

    /// Serves until the session has ended and what it had to say is written; the process's exit code.
    package func run(_ composition: ServiceComposition, environment: Environment = .live) -> Int32 {
        let table = RouteTable.service()
        var configuration = Connection.Configuration(
            takesRequest: { table.requests[$0] != nil }, takesNotification: { table.notifications[$0] != nil })
        configuration.maxMessageBytes = composition.options.maxMessageBytes
        let mailbox = mailbox
        let connection = Connection(input: input, output: output, configuration: configuration) { messages in
            let isTaken = mailbox.postInStep(.call { engine in (engine.observer as? Session)?.receive(messages) })
            guard !isTaken else { return }
            for case .request(_, _, let reply) in messages { reply.fail(RPCError(EngineError.shuttingDown)) }
        }
        let engine = Engine(mailbox: mailbox, environment: environment)
        let session = Session(engine: engine, connection: connection, composition: composition, routes: table)
        engine.observer = session
        let end: @Sendable (Connection.Ending) -> Void = { ending in
            mailbox.post(
                .call { engine in
                    (engine.observer as? Session)?.endInput(exitCode: ending == .framingLost ? 1 : 0)
                })
        }
        // What comes first, nearly always `initialize`, is not kept waiting for a thread to begin.
        if let ending = connection.readTurn() {
            end(ending)
        } else {
            engine.runTurn(within: .zero)
            guard startThread({ end(connection.run()) }) else { return 70 }
        }
        engine.run()
        engine.observer = nil
        connection.flush()
        return session.exitCode
    }
}
