import CSystem
import Composition
import Glibc
import SQLiteStore
import Terminal
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// What people have done to a store without a service.
extension StoreCare {
    /// `defaultStore` is where the store is when nobody says.
    init(defaultStore: String) {
        self.init(
            examine: { store, repairs throws(Complaint) in
                [try Self.examine(store ?? defaultStore, repairs: repairs)]
            },
            backup: { store, target throws(Complaint) in
                let path = try Self.file(store ?? defaultStore)
                do throws(StoreError) {
                    return try StoreBackup.make(of: path, to: target, at: Environment.live.now())
                } catch {
                    throw .store(error, path)
                }
            })
    }

    private static func examine(_ store: String, repairs: Bool) throws(Complaint) -> Section {
        let path = try file(store)
        do throws(StoreError) {
            let doctor = try StoreDoctor(path: path)
            let findings = try doctor.examine(repairs: repairs, at: Environment.live.now())
            return Section(name: "Store", subject: path, findings: findings.map(Finding.init))
        } catch {
            throw .store(error, path)
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

extension Complaint {
    fileprivate static func store(_ error: StoreError, _ path: String) -> Complaint {
        .service("The store \(path) cannot be used: \(error.reason)")
    }
}
