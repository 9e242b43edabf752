import Expressions
import JSON
import WorkflowModel

extension Run {
    /// What an expression of a step sees before its body has run: `result` is what the step before it left.
    func bindings(for active: ActiveStep) -> Bindings {
        let scope = scope(active.scope) ?? root
        return bindings(in: scope, result: scope.lastResult, iteration: active.iteration)
    }

    /// The names of `Scope.boundNames` and the scope's own, with their values; `changing` are state members as they
    /// will be.
    func bindings(
        in scope: Scope, result: JSONValue, iteration: Int = 1, changing members: JSONObject = [:]
    ) -> Bindings {
        var state = self.state
        for (name, value) in members { state[name] = value }
        var bindings = Bindings(
            ("input", origin.creation.input ?? .null), ("state", .object(state)), ("result", result),
            ("steps", .object(scope.results)), ("iteration", .number(JSONNumber(iteration))), ("run", origin.binding))
        for (name, value) in scope.locals { bindings[name] = value }
        return bindings
    }
}
