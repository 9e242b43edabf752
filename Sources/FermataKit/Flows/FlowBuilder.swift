import JSON
import WorkflowModel

/// Puts steps one below the other.
@resultBuilder
public enum FlowBuilder {
    public static func buildExpression(_ step: Step) -> [Step] { [step] }
    public static func buildExpression(_ steps: [Step]) -> [Step] { steps }
    public static func buildBlock(_ steps: [Step]...) -> [Step] { steps.flatMap(\.self) }
    public static func buildOptional(_ steps: [Step]?) -> [Step] { steps ?? [] }
    public static func buildEither(first steps: [Step]) -> [Step] { steps }
    public static func buildEither(second steps: [Step]) -> [Step] { steps }
    public static func buildArray(_ steps: [[Step]]) -> [Step] { steps.flatMap(\.self) }
}

/// Steps in their order, as a document's flow.
struct StepList {
    let steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    /// Without `START` where there are none.
    var document: JSONObject {
        var members = JSONObject(minimumCapacity: steps.count + 1)
        members["START"] = steps.first.map { .string($0.name) }
        for (step, following) in zip(steps, steps.dropFirst().map(\.name) + ["END"]) {
            members.set(step.name, to: .object(step.document(before: following)))
        }
        return members
    }

    /// What stands in the place of one step or several: a step alone has no name of its own there.
    var block: JSONObject {
        if steps.count == 1, let step = steps.first { return step.document(before: nil) }
        return ["flow": .object(document)]
    }

    /// A document cannot tell that two steps had one name, for the later one takes the place of the earlier.
    func repeatedNames(at pointer: JSONPointer) -> [Problem] {
        Self.repeatedNames(steps.map(\.name), at: pointer)
            + steps.flatMap { step in step.repeatedNames.map { $0.moved(below: pointer.appending(step.name)) } }
    }

    static func repeatedNames(_ names: [String], at pointer: JSONPointer) -> [Problem] {
        var known: Set<String> = []
        return names.filter { !known.insert($0).inserted }.map { name in
            Problem(
                "flow.duplicateStep", at: pointer.appending(name), "Two steps here have the name \"\(name)\".",
                hint: "Give one of them another name.")
        }
    }
}
