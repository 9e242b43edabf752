import JSON
import WorkflowModel

/// Puts steps one below the other.
@resultBuilder
public enum FlowBuilder {
    /// One step.
    public static func buildExpression(_ step: Step) -> [Step] { [step] }
    /// Steps that were put together elsewhere, such as those of ``Step/until(_:_:)``.
    public static func buildExpression(_ steps: [Step]) -> [Step] { steps }
    /// One below the other.
    public static func buildBlock(_ steps: [Step]...) -> [Step] { steps.flatMap(\.self) }
    /// Those of an `if`.
    public static func buildOptional(_ steps: [Step]?) -> [Step] { steps ?? [] }
    /// Those of an `if` that holds.
    public static func buildEither(first steps: [Step]) -> [Step] { steps }
    /// Those of its `else`.
    public static func buildEither(second steps: [Step]) -> [Step] { steps }
    /// Those of a `for`.
    public static func buildArray(_ steps: [[Step]]) -> [Step] { steps.flatMap(\.self) }
}

/// Steps in their order, as a document's flow.
struct StepList {
    let steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    /// Without `START` where there are none.
    func document(in flow: String) -> JSONObject {
        var members = JSONObject(minimumCapacity: steps.count + 1)
        members["START"] = steps.first.map { .string($0.name) }
        for (step, following) in zip(steps, steps.dropFirst().map(\.name) + ["END"]) {
            members.set(step.name, to: .object(step.document(in: flow, before: following)))
        }
        return members
    }

    /// What stands in the place of one step or several: a step alone has no name of its own there.
    func block(in flow: String) -> JSONObject {
        if steps.count == 1, let step = steps.first { return step.document(in: flow, before: nil) }
        return ["flow": .object(document(in: flow))]
    }

    /// What the document of these steps cannot tell.
    func inside(at pointer: JSONPointer) -> StepInside {
        steps.reduce(into: StepInside(names: steps.map(\.name), at: pointer)) { inside, step in
            inside += step.inside.moved(below: pointer.appending(step.name))
        }
    }
}

/// What stands in steps, and in no document: their bodies, and names that are there twice.
struct StepInside: Sendable {
    var problems: [Problem] = []
    var bodies: [StepBody] = []

    init() {}

    init(body: StepBody) { bodies = [body] }

    init(problem: Problem) { problems = [problem] }

    /// In a document the later of two steps takes the place of the earlier.
    init(names: [String], at pointer: JSONPointer) {
        var known: Set<String> = []
        problems = names.filter { !known.insert($0).inserted }.map { name in
            Problem(
                "flow.duplicateStep", at: pointer.appending(name), "Two steps here have the name \"\(name)\".",
                hint: "Give one of them another name.")
        }
    }

    func moved(below pointer: JSONPointer) -> StepInside {
        var moved = self
        for index in problems.indices { moved.problems[index].pointer = pointer.appending(problems[index].pointer) }
        for index in bodies.indices { moved.bodies[index].pointer = pointer.appending(bodies[index].pointer) }
        return moved
    }

    static func += (left: inout StepInside, right: StepInside) {
        left.problems += right.problems
        left.bodies += right.bodies
    }

    /// Handlers are known by their names, wherever in a flow they stand.
    var repeatedBodies: [Problem] {
        var known: Set<String> = []
        return bodies.filter { !known.insert($0.name).inserted }.map { body in
            Problem(
                "flow.duplicateStep", at: body.pointer, "Two steps with a body have the name \"\(body.name)\".",
                hint: "Give one of them another name.")
        }
    }
}
