import Expressions
import JSON
import WorkflowModel

extension Run {
    /// What an expression of a step sees before its body has run: `result` is what the step before it left.
    func bindings(for active: ActiveStep) -> Bindings {
        bindings(result: root.lastResult, iteration: active.iteration)
    }

    /// The names of `Scope.boundNames` with their values; `changing` are state members as they will be.
    func bindings(result: JSONValue, iteration: Int = 1, changing members: JSONObject = [:]) -> Bindings {
        var state = self.state
        for (name, value) in members { state[name] = value }
        return Bindings(
            ("input", origin.creation.input ?? .null), ("state", .object(state)), ("result", result),
            ("steps", .object(root.results)), ("iteration", .number(JSONNumber(iteration))), ("run", origin.binding))
    }
}
