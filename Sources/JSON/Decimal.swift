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
    /// A positive number to divide by: `coefficient × 10^exponent`.
    struct Divisor: Sendable {
        var coefficient: UInt
        var exponent: Int
    }

    /// Nil for zero, a negative number, and one of more digits than a machine word divides by.
    var divisor: Divisor? {
        guard !isNegative, !digits.isEmpty, digits.count <= 18 else { return nil }
        let coefficient = digits.reduce(UInt(0)) { $0 * 10 + UInt($1) }
        return Divisor(coefficient: coefficient, exponent: scale - digits.count)
    }

    /// Whether the quotient is whole, exactly, in work that is linear in the digits whatever the exponents are.
    func isMultiple(of divisor: Divisor) -> Bool {
        guard !digits.isEmpty else { return true }
        // The last digit is not zero, so no power of ten divides what the digits spell.
        let surplus = scale - digits.count - divisor.exponent
        guard surplus >= 0 else { return false }
        let modulus = divisor.coefficient
        let remainder = digits.reduce(UInt(0)) { (multiply($0, 10, modulo: modulus) + UInt($1)) % modulus }
        return multiply(remainder, power(of: 10, surplus, modulo: modulus), modulo: modulus) == 0
    }
}

private func multiply(_ left: UInt, _ right: UInt, modulo modulus: UInt) -> UInt {
    modulus.dividingFullWidth((left % modulus).multipliedFullWidth(by: right % modulus)).remainder
}

private func power(of base: UInt, _ exponent: Int, modulo modulus: UInt) -> UInt {
    var (result, square, rest) = (1 % modulus, base % modulus, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result = multiply(result, square, modulo: modulus) }
        square = multiply(square, square, modulo: modulus)
        rest >>= 1
    }
    return result
}
