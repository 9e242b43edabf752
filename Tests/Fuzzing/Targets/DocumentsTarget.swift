import JSON
import WorkflowModel

/// A document is a workflow, or has problems that each stand at a place in it and are told once. A workflow is the same
/// one when its document is read again, and what it expands to has no pattern left.
func checkDocument(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
    guard let document = try? JSONValue(parsing: bytes) else { return }
    let problems = Workflow.problems(in: document)
    try promise(Set(problems).count == problems.count, "No problem is told twice: \(problems).")
    for problem in problems {
        try promise(problem.pointer.leadsSomewhere(in: document), "\(problem.pointer) is a place in the document.")
    }
    switch Result(catching: { () throws(InvalidWorkflow) in try Workflow.parse(document) }) {
    case .failure(let error):
        try promise(error.problems == problems, "Whoever asks is told the same problems.")
        try promise(problems.contains { $0.severity == .error }, "What is refused has an error.")
    case .success(let parsed):
        try promise(parsed.warnings == problems, "Whoever asks is told the same warnings.")
        try promise(!problems.contains { $0.severity == .error }, "What has an error is refused.")
        try check(parsed.0)
    }
}

private func check(_ workflow: Workflow) throws(BrokenPromise) {
    let text = workflow.document.serialized()
    let document = try reading(text) { () throws(JSONError) in try JSONValue(parsing: text) }
    let again = try reading(text) { () throws(InvalidWorkflow) in try Workflow.parse(document).0 }
    try promise(again.version == workflow.version, "\(text) is one version.")
    try promise(again.expandedDocument == workflow.expandedDocument, "\(text) expands one way.")
    try promise(again.allSteps.count == workflow.allSteps.count, "\(text) has the same steps.")
    if let schema = publishedSchema {
        let violations = schema.validate(workflow.document)
        try promise(violations.isEmpty, "The published schema knows what is a workflow: \(violations).")
    }
}

private let publishedSchema = try? JSONSchema(DocumentSchema.document)

extension JSONPointer {
    /// To a value, or to a member that is missing from one.
    fileprivate func leadsSomewhere(in document: JSONValue) -> Bool {
        resolve(in: document) != nil || JSONPointer(tokens: tokens.dropLast()).resolve(in: document) != nil
    }
}
