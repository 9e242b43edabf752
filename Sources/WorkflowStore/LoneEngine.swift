/// The registry of a store that one engine has for itself.
package final class LoneEngine: EngineRegistry {
    package let engineID: String
    package let processes: any ProcessLedger = NoLedger()

    package init(engineID: String) {
        self.engineID = engineID
    }

    package func announce() {}

    package func vitality(of engineID: String) -> Duration? { engineID == self.engineID ? .seconds(3600) : nil }

    package func endProcesses(of engineID: String, run: String) {}
}
