import Calendar
import Glibc

/// How long a service that is busy asks to be left alone: seconds, or a date as HTTP writes it.
enum RetryAfter {
    /// Nobody waits longer than this within one attempt.
    private static let most = Duration.seconds(300)

    /// Where the service does not say, each time twice as long as before, and never all at the same moment.
    static func delay(_ header: String?, retries: Int) -> Duration {
        if let header, let seconds = Double(header), seconds >= 0 { return min(.seconds(seconds), most) }
        if let header, let moment = Moment(httpDate: header) {
            return min(max(.seconds(moment.seconds - Self.now()), .zero), most)
        }
        let base = Double(1 << min(retries, 5))
        return min(.seconds(base * Double.random(in: 0.5...1)), most)
    }

    private static func now() -> Int64 { Int64(time(nil)) }
}
