/// The exact value of a number, in the one form it has: ± 0.d₁d₂d₃… × 10^scale, where neither the first digit nor the
/// last is zero. Zero has no digits, no sign and the scale 0.
struct Decimal: Hashable {
    /// Scales beyond this are taken for it, so that arithmetic on them cannot overflow.
    private static let greatestScale = 1_000_000_000_000_000_000

    private(set) var isNegative: Bool
    private(set) var digits: [UInt8]
    private(set) var scale: Int

    /// `text` is a JSON number. The work is linear in its length, whatever the exponent says.
    init(_ text: String) {
        isNegative = text.utf8.first == .minus
        digits = []
        var point: Int?
        var exponent = 0
        var rest = text.utf8.dropFirst(isNegative ? 1 : 0)
        while let byte = rest.popFirst() {
            if byte.isDigit {
                digits.append(byte - .zero)
            } else if byte == .dot {
                point = digits.count
            } else {
                exponent = Self.exponent(rest)
                break
            }
        }
        scale = (point ?? digits.count) + exponent
        normalize()
    }

    var isWhole: Bool { digits.count <= max(scale, 0) }

    /// The value, when it is a whole number that fits.
    var int: Int? {
        guard isWhole, scale < 20 else { return nil }
        var value = 0
        for place in 0..<scale {
            let digit = place < digits.count ? Int(digits[place]) : 0
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            // Counted downwards when negative, for the least `Int` has no positive counterpart.
            let (sum, overflowedAgain) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !overflowed, !overflowedAgain else { return nil }
            value = sum
        }
        return value
    }

    private mutating func normalize() {
        let leadingZeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leadingZeros)
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty {
            (isNegative, scale) = (false, 0)
        } else {
            scale = max(-Self.greatestScale, min(Self.greatestScale, scale - leadingZeros))
        }
    }

    private static func exponent(_ text: Substring.UTF8View) -> Int {
        let isNegative = text.first == .minus
        var magnitude = 0
        for byte in text where byte.isDigit && magnitude < 2 * greatestScale / 10 {
            magnitude = magnitude * 10 + Int(byte - .zero)
        }
        return isNegative ? -magnitude : magnitude
    }
}

extension Decimal: Comparable {
    static func < (left: Decimal, right: Decimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        let (less, greater) = left.isNegative ? (right, left) : (left, right)
        if less.digits.isEmpty || greater.digits.isEmpty { return !greater.digits.isEmpty }
        if less.scale != greater.scale { return less.scale < greater.scale }
        return less.digits.lexicographicallyPrecedes(greater.digits)
    }
}

extension Decimal {
    /// Whether the quotient is whole, exactly. `divisor` is not zero. The work grows with the product of the digits,
    /// whatever the exponents are.
    func isMultiple(of divisor: Decimal) -> Bool {
        guard !digits.isEmpty else { return true }
        // The last digit is not zero, so no power of ten divides what the digits spell.
        let surplus = (scale - digits.count) - (divisor.scale - divisor.digits.count)
        guard surplus >= 0 else { return false }
        var rest = Remainder(modulus: divisor.digits)
        for digit in digits { rest.append(digit) }
        // 2 and 5 go into the divisor less than four times a digit, so that more zeros change nothing.
        for _ in 0..<min(surplus, 4 * divisor.digits.count) { rest.append(0) }
        return rest.isZero
    }

    /// What is left of a number whose digits are appended one by one, by long division.
    private struct Remainder {
        private let modulus: [UInt8]
        /// As many digits as the modulus has, of which the first is zero in both.
        private var digits: [UInt8]

        init(modulus: [UInt8]) {
            self.modulus = [0] + modulus
            digits = Array(repeating: 0, count: modulus.count + 1)
        }

        var isZero: Bool { digits.allSatisfy { $0 == 0 } }

        mutating func append(_ digit: UInt8) {
            for place in 1..<digits.count { digits[place - 1] = digits[place] }
            digits[digits.count - 1] = digit
            while !digits.lexicographicallyPrecedes(modulus) { subtractModulus() }
        }

        private mutating func subtractModulus() {
            var borrow: UInt8 = 0
            for place in digits.indices.reversed() {
                let subtrahend = modulus[place] + borrow
                borrow = digits[place] < subtrahend ? 1 : 0
                digits[place] = digits[place] + 10 * borrow - subtrahend
            }
        }
    }
}
