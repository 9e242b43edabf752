import Calendar
import Glibc

/// How long a service that is busy wants to be left alone.
enum RetryAfter {
    /// Nobody waits longer than this within one attempt.
    static let most = Duration.seconds(300)

    /// More than anybody means, and less than a clock can count.
    private static let mostSeconds = 1e9

    /// What the header asks for: seconds, or a date as HTTP writes it. Nil where there is none that can be read.
    static func asked(_ header: String?) -> Duration? {
        guard let header else { return nil }
        if header.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let seconds = Double(header)
        {
            return .seconds(min(seconds, mostSeconds))
        }
        return Moment(httpDate: header).map { max(.seconds($0.seconds - Int64(time(nil))), .zero) }
    }

    /// How a person is told of it, after whose wish it is.
    static func wish(_ time: Duration) -> String { " wants to be left alone for \(time.components.seconds) seconds" }

    /// Where the service does not say: each time twice as long as before, and never all at the same moment.
    static func backoff(retries: Int) -> Duration {
        .seconds(Double(1 << min(retries, 5)) * Double.random(in: 0.5...1))
    }
}
