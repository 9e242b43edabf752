import JSON
import Testing

/// The text of a run's attempts, or their thoughts, put together from deltas that must have no gap.
struct Deltas {
    private(set) var texts: [String: [UInt8]] = [:]

    init(of run: String, in client: Client, _ method: JSONValue = "execution/textDelta") {
        for message in client.transcript where message["method"] == method {
            guard let params = message["params"], params["runId"]?.string == run, let path = params["path"]?.string,
                let attempt = params["attempt"]?.int, let text = params["text"]?.string
            else { continue }
            let key = "\(path)#\(attempt)"
            #expect(params["offset"]?.int == texts[key, default: []].count, "The text of \(key) has a gap.")
            texts[key, default: []] += text.utf8
        }
    }

    func text(of path: String, attempt: Int = 1) -> String? {
        texts["\(path)#\(attempt)"].map { String(decoding: $0, as: UTF8.self) }
    }
}
