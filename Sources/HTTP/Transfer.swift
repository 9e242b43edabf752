import CSystem
import Threads

/// One request on its way, on the client's thread.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private let request: HTTPRequest
    private let listener: any HTTPListener
    private var headerList: UnsafeMutableRawPointer?
    private var headers: [String: String] = [:]
    private var hasBegun = false
    /// When it counts as failed if nothing comes; libcurl itself sees to the connection.
    private(set) var deadline: Instant?

    /// Nil when libcurl has no memory for it.
    init?(_ request: HTTPRequest, _ listener: any HTTPListener, in multi: UnsafeMutableRawPointer) {
        guard let easy = fermata_curl_easy() else { return nil }
        self.easy = easy
        self.multi = multi
        self.request = request
        self.listener = listener
        deadline = Instant.now + request.firstByteTimeout
        setUp()
        fermata_curl_add(multi, easy)
    }

    deinit {
        fermata_curl_remove(multi, easy)
        fermata_curl_end_easy(easy)
        fermata_curl_end_list(headerList)
    }

    private func setUp() {
        let own = Unmanaged.passUnretained(self).toOpaque()
        fermata_curl_set_text(easy, Option.url, request.url)
        fermata_curl_set_long(easy, Option.protocols, Option.httpAndHTTPS)
        fermata_curl_set_long(easy, Option.noSignal, 1)
        fermata_curl_set_long(easy, Option.httpVersion, Option.http2OverTLS)
        let connect = request.connectTimeout.components
        fermata_curl_set_long(
            easy, Option.connectTimeout, Int(connect.seconds * 1000 + connect.attoseconds / 1_000_000_000_000_000))
        for (name, value) in request.headers {
            headerList = fermata_curl_append(headerList, "\(name): \(value)") ?? headerList
        }
        fermata_curl_set_headers(easy, headerList)
        if let body = request.body {
            fermata_curl_set_long(easy, Option.post, 1)
            body.withUnsafeBytes { fermata_curl_set_body(easy, $0.baseAddress, $0.count) }
        }
        fermata_curl_set_data(easy, Option.headerData, own)
        fermata_curl_set_taker(easy, Option.headerFunction) { bytes, size, count, data in
            Transfer.from(data).take(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
        fermata_curl_set_data(easy, Option.writeData, own)
        fermata_curl_set_taker(easy, Option.writeFunction) { bytes, size, count, data in
            Transfer.from(data).take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(data!).takeUnretainedValue()
    }

    private func take(header line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self)
        // An answer of a proxy, or one that only says to go on, is followed by another.
        if text.hasPrefix("HTTP/") { return headers = [:] }
        guard let colon = text.firstIndex(of: ":") else { return }
        headers[text[..<colon].lowercased()] = String(text[text.index(after: colon)...].trimmed)
    }

    private func take(body: UnsafeRawBufferPointer) {
        begin()
        deadline = Instant.now + request.silenceTimeout
        listener.received(body)
    }

    private func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        listener.began(HTTPHead(status: fermata_curl_response_code(easy), headers: headers))
    }

    func end(code: Int32) {
        // An answer may break off before its body, and its head has said something.
        if code == 0 || fermata_curl_response_code(easy) > 0 { begin() }
        guard code != 0 else { return listener.ended(nil) }
        let meaning = String(cString: fermata_curl_meaning(code))
        let kind: HTTPFailure.Kind =
            switch code {
            // Of an answer without a head, libcurl says the same as of a scheme that it does not know.
            case 1: request.url.lowercased().hasPrefix("http") ? .garbled : .invalid
            case 3: .invalid
            case 8: .garbled
            case 28: .timedOut
            // No proxy, no host, no connection, no trust: it never came to the request.
            case 5, 6, 7, 35, 58, 60, 66, 77, 83, 91: .unreachable
            default: .interrupted
            }
        fail(kind, "\(meaning) (libcurl \(code)).")
    }

    func fail(_ kind: HTTPFailure.Kind, _ message: String) {
        listener.ended(HTTPFailure(kind: kind, message: message))
    }
}

/// Numbers of libcurl's ABI.
private enum Option {
    static let writeData: Int32 = 10001
    static let url: Int32 = 10002
    static let headerData: Int32 = 10029
    static let protocols: Int32 = 181
    static let writeFunction: Int32 = 20011
    static let headerFunction: Int32 = 20079
    static let post: Int32 = 47
    static let httpVersion: Int32 = 84
    static let noSignal: Int32 = 99
    static let connectTimeout: Int32 = 156
    static let http2OverTLS = 4
    static let httpAndHTTPS = 3
}

extension Substring {
    fileprivate var trimmed: Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" || character.isNewline }
        var text = drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
