import HypeCore

/// One direction of a bilinear resize as Pillow does it for 8-bit pictures, bit for bit.
///
/// A triangle filter whose support grows with the reduction; weights are computed in 64-bit floats, made to sum to 1 and
/// rounded to 22 binary places; sums are rounded to bytes between the two directions. Written from the description in
/// Pillow's documentation and from its behaviour (`Resample.c`, version 13); the tests compare with its bytes.
struct PillowFilter {
    /// Binary places of a weight: what remains of 32 bits beside a byte and two bits of room.
    static let precision = 22

    /// For each wanted output, the first input that counts.
    private(set) var first: [Int] = []
    /// For each wanted output, where its weights are in ``weights``.
    private(set) var ranges: [Range<Int>] = []
    /// Weights of all wanted outputs, one after the other.
    private(set) var weights: [Int32] = []

    /// Computes the weights.
    ///
    /// - Parameters:
    ///   - input: Number of inputs, at least 1.
    ///   - output: Number of outputs, at least 1.
    ///   - wanted: The outputs that are needed, inside of `0 ..< output`.
    init(input: Int, output: Int, wanted: Range<Int>) {
        let scale = Double(input) / Double(output)
        let support = max(1, scale)
        for index in wanted {
            let center = (Double(index) + 0.5) * scale
            let low = max(0, Int(center - support + 0.5))
            let high = min(input, Int(center + support + 0.5))
            let raw = (low..<high).map { max(0, 1 - abs((Double($0) - center + 0.5) / support)) }
            let total = raw.reduce(0, +)
            let start = weights.count
            weights += raw.map { Int32(0.5 + (total == 0 ? $0 : $0 / total) * Double(1 << Self.precision)) }
            first.append(low)
            ranges.append(start..<weights.count)
        }
    }

    /// The inputs that count for any wanted output.
    var inputs: Range<Int> {
        guard let start = first.first, let end = zip(first, ranges).map({ $0 + $1.count }).max() else { return 0..<0 }
        return start..<end
    }

    /// A sum of weighted bytes as a byte.
    @inline(__always)
    static func byte(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> Int32(precision)) }
}
