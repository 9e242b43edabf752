import Composition
import Glibc
import JSON
import RPC
import SQLiteStore
import Server
import Terminal
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// What people have done to a store without a service.
extension StoreCare {
    /// `options` are those of a service that is told nothing.
    init(_ options: ServiceOptions) {
        self.init(
            examine: { store, repairs throws(Complaint) in
                // Settings that cannot be read keep nobody from looking the store over.
                let settings = Result { () throws(RPCError) in try options.settings() }
                let path = store ?? (try? settings.get())?.store.value ?? options.defaultStore.value
                return [try Self.examine(path, repairs: repairs), Self.examine(settings, options)]
            },
            backup: { store, target throws(Complaint) in
                let place = if let store { store } else { try Self.store(of: options) }
                let path = try Self.file(place)
                do throws(StoreError) {
                    return try StoreBackup.make(of: path, to: target, at: Environment.live.now())
                } catch {
                    throw .service("The store \(path) cannot be copied: \(error.reason)")
                }
            })
    }

    private static func store(of options: ServiceOptions) throws(Complaint) -> String {
        do throws(RPCError) {
            return try options.settings().store.value
        } catch {
            throw .usage(error.message, hint: error.data?["hint"]?.string)
        }
    }

    private static func examine(_ store: String, repairs: Bool) throws(Complaint) -> Section {
        let path = try file(store)
        do throws(StoreError) {
            let doctor = try StoreDoctor(path: path)
            let findings = try doctor.examine(repairs: repairs, at: Environment.live.now())
            return Section(name: "Store", subject: path, findings: findings.map(Finding.init))
        } catch {
            throw .service("The store \(path) cannot be used: \(error.reason)")
        }
    }

    private static func file(_ store: String) throws(Complaint) -> String {
        guard store != OpenStore.inMemory else { throw .usage("The store in memory ends with its process.") }
        return store
    }
}

extension StoreCare.Finding {
    fileprivate init(_ finding: StoreFinding) {
        self.init(
            severity: finding.severity.rawValue, kind: finding.kind, message: finding.message, repair: finding.repair,
            isRepaired: finding.isRepaired)
    }
}
