/// The type of a value, which is itself a value.
enum ValueType: String, Sendable {
    case null = "null_type"
    case bool, int, uint, double, string, bytes, list, map, type
    case timestamp = "google.protobuf.Timestamp"
    case duration = "google.protobuf.Duration"

    /// For the middle of a sentence.
    var withArticle: String {
        switch self {
        case .null: "null"
        case .int: "an int"
        case .timestamp: "a timestamp"
        case .duration: "a duration"
        default: "a " + rawValue
        }
    }
}
