import JSON
import WorkflowEngine
import WorkflowModel

/// What scripted models say: `{model: [{prompt?, turns: [turn, …]}, …]}`.
///
/// A conversation goes by the first scene whose `prompt` is part of its prompt, and its n-th turn is the scene's: so an
/// answer depends on nothing but what was said, whatever happened to the process meanwhile.
struct Script: Sendable {
    fileprivate struct Scene: Sendable {
        /// Nil fits every prompt.
        var prompt: String?
        var turns: [Turn]
    }

    /// `{thinking?, text or chunks, toolCalls?, usage?, stopReason?, delayMs?, chunkMs?, error?}`.
    struct Turn: Sendable {
        /// What is thought before anything is said.
        var thoughts = ""
        var chunks: [String]
        var answer: ModelAnswer
        /// How long it is silent before it begins, and after each piece.
        var delay = Duration.zero
        var pace = Duration.zero
        /// What comes instead of the answer's end, in attempts before this number; nil means in all of them.
        var failure: (Failure, beforeAttempt: Int?)?

        var isTimed: Bool { delay > .zero || pace > .zero }
        var end: AttemptReporter.Report { failure.map { .failed($0.0) } ?? .answered(answer) }

        /// Says a text at once.
        init(saying text: String) {
            chunks = [text]
            answer = ModelAnswer(text: text)
        }
    }

    private var scenes: [String: [Scene]] = [:]

    init() {}

    var models: [String] { scenes.keys.sorted() }

    /// What a model says next; nil when there is no such model.
    func turn(of request: ModelRequest) throws(Failure) -> Turn? {
        guard let scenes = scenes[request.model] else { return nil }
        let number = request.work.conversation.turns.count
        guard let scene = scenes.first(where: { $0.prompt.map { request.work.prompt.holds($0) } ?? true }) else {
            throw .scripted(
                "The model \"\(request.model)\" has no scene for this prompt: \(request.work.prompt.prefix(200))")
        }
        guard number < scene.turns.count else {
            throw .scripted(
                "The model \"\(request.model)\" is asked for turn \(number + 1), and its scene has \(scene.turns.count)."
            )
        }
        var turn = scene.turns[number]
        if let before = turn.failure?.beforeAttempt, request.key.number >= before { turn.failure = nil }
        return turn
    }
}

// MARK: Reading

extension Script {
    private static let sizeLimit = 64 << 20

    /// Reads a file; throws `model.unavailable` where it is none, or no script.
    init(at path: String) throws(Failure) {
        guard let bytes = TextFile.bytes(at: path, limit: Self.sizeLimit) else {
            throw .scripted("The script \(path) cannot be read.")
        }
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: bytes) } catch {
            throw .scripted("The script \(path) is no JSON, at byte \(error.offset): \(error.message)")
        }
        guard let models = value.object else { throw .misfit("", "an object of models") }
        for (model, list) in models where model != "$schema" {
            guard let list = list.array else { throw .misfit("/\(model)", "a list of scenes") }
            scenes[model] = []
            for (index, scene) in list.enumerated() {
                scenes[model]?.append(try Scene(json: scene, at: "/\(model)/\(index)"))
            }
        }
    }
}

extension Script.Scene {
    fileprivate init(json: JSONValue, at pointer: String) throws(Failure) {
        try json.checkMembers(["prompt", "turns"], at: pointer)
        guard let list = json["turns"]?.array else { throw .misfit(pointer + "/turns", "a list of turns") }
        turns = []
        for (index, turn) in list.enumerated() {
            turns.append(try Script.Turn(json: turn, number: index + 1, at: "\(pointer)/turns/\(index)"))
        }
        guard let prompt = json["prompt"] else { return }
        guard let text = prompt.string else { throw .misfit(pointer + "/prompt", "a text that is part of the prompt") }
        self.prompt = text
    }
}

extension Script.Turn {
    private static let members = [
        "thinking", "text", "chunks", "toolCalls", "usage", "stopReason", "delayMs", "chunkMs", "error",
    ]

    fileprivate init(json: JSONValue, number: Int, at pointer: String) throws(Failure) {
        try json.checkMembers(Self.members, at: pointer)
        let chunks = json["chunks"]?.array?.compactMap(\.string)
        if let given = json["chunks"], chunks?.count != given.array?.count || given.array == nil {
            throw .misfit(pointer + "/chunks", "a list of texts")
        }
        do throws(Failure) {
            answer = try ModelAnswer(json: json, said: chunks?.joined() ?? "", turn: number)
        } catch {
            throw .scripted("At \(pointer): \(error.message)")
        }
        if let chunks, answer.text != chunks.joined() {
            throw .misfit(pointer + "/text", "the chunks joined, or absent")
        }
        self.chunks = chunks ?? Self.words(of: answer.text)
        if let given = json["thinking"] {
            guard let text = given.string else { throw .misfit(pointer + "/thinking", "a text") }
            thoughts = text
        }
        delay = try json.duration("delayMs", at: pointer)
        pace = try json.duration("chunkMs", at: pointer)
        guard let error = json["error"] else { return }
        guard let failure = Failure(json: error) else { throw .misfit(pointer + "/error", "{kind, message}") }
        self.failure = (failure, error["beforeAttempt"]?.int)
    }

    /// Each with the blanks that follow it.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            if !character.isWhitespace, word.last?.isWhitespace ?? false {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        return word.isEmpty ? words : words + [word]
    }
}

extension JSONValue {
    fileprivate func checkMembers(_ known: [String], at pointer: String) throws(Failure) {
        guard let members = object else { throw .misfit(pointer, "an object") }
        guard let stranger = members.keys.first(where: { !known.contains($0) }) else { return }
        throw .misfit("\(pointer)/\(stranger)", "absent: there are \(known.joined(separator: ", "))")
    }

    /// Milliseconds, up to a day.
    fileprivate func duration(_ name: String, at pointer: String) throws(Failure) -> Duration {
        guard let value = self[name] else { return .zero }
        guard let number = value.int, (0...86_400_000).contains(number) else {
            throw .misfit("\(pointer)/\(name)", "milliseconds, from 0 to 86400000")
        }
        return .milliseconds(number)
    }
}

extension Failure {
    fileprivate static func scripted(_ message: String) -> Failure {
        Failure(kind: "model.unavailable", message: message, isRetryable: false)
    }

    fileprivate static func misfit(_ pointer: String, _ expectation: String) -> Failure {
        .scripted("The script does not fit: \"\(pointer)\" must be \(expectation).")
    }
}
