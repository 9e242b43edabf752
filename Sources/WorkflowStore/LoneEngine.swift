/// The registry of a store that one engine has for itself.
package final class LoneEngine: EngineRegistry {
    package let engineID: String

    package init(engineID: String) {
        self.engineID = engineID
    }

    package func announce() {}

    package func isAlive(_ engineID: String) -> Bool { engineID == self.engineID }
}
