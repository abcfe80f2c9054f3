package import HypeCore

/// Scales a square cut of a picture to a net's square input.
///
/// A separable triangle filter whose support grows with the reduction (Pillow's `BILINEAR` with antialiasing), so small
/// faces in large pictures do not alias; where the cut is enlarged it is plain bilinear interpolation. Outside the
/// picture lies black, as in MediaPipe's letterbox.
package struct PictureResampler {
    /// Side of the output in pixels.
    package let side: Int
    private var row: [Float] = []

    /// Creates a resampler for one output size.
    package init(side: Int) {
        self.side = side
    }

    /// Fills an input tensor.
    ///
    /// - Parameters:
    ///   - output: Receives RGB in -1…1. Shape `[side, side, 3]`.
    ///   - picture: The picture to cut from.
    ///   - square: What to cut; a square that may reach over the edges.
    package mutating func fill(_ output: inout MutableSpan<Float>, from picture: PixelBuffer, square: FaceBox) {
        let columns = Taps(start: square.x, length: square.width, count: side, limit: picture.width)
        let rows = Taps(start: square.y, length: square.height, count: side, limit: picture.height)
        let first = columns.first.min() ?? 0
        let last = zip(columns.first, columns.lengths).map { $0 + $1 }.max() ?? 0
        let width = max(0, last - first) * 3
        if row.count < width { row = [Float](repeating: 0, count: width) }
        picture.bytes.withUnsafeBufferPointer { source in
            row.withUnsafeMutableBufferPointer { row in
                for y in 0..<side {
                    Self.blendRows(
                        of: source,
                        pictureWidth: picture.width,
                        from: first,
                        width: width,
                        taps: rows,
                        at: y,
                        into: row
                    )
                    for x in 0..<side {
                        var sum = SIMD3<Float>.zero
                        var place = (columns.first[x] - first) * 3
                        for tap in columns.range(x) {
                            sum += SIMD3(row[place], row[place + 1], row[place + 2]) * columns.weights[tap]
                            place += 3
                        }
                        let value = sum * (2 / 255) - 1
                        let target = (y * side + x) * 3
                        output[target] = value.x
                        output[target + 1] = value.y
                        output[target + 2] = value.z
                    }
                }
            }
        }
    }

    private static func blendRows(
        of source: UnsafeBufferPointer<UInt8>,
        pictureWidth: Int,
        from first: Int,
        width: Int,
        taps: Taps,
        at y: Int,
        into row: UnsafeMutableBufferPointer<Float>
    ) {
        for index in 0..<width { row[index] = 0 }
        var line = taps.first[y]
        for tap in taps.range(y) {
            let weight = taps.weights[tap]
            let bytes = UnsafeBufferPointer(rebasing: source[((line * pictureWidth + first) * 3)...].prefix(width))
            for index in 0..<width { row[index] += weight * Float(bytes[index]) }
            line += 1
        }
    }
}

/// For each output position, which input positions count and how much.
private struct Taps {
    /// First input position that counts, per output position.
    var first: [Int] = []
    /// Number of input positions that count, per output position.
    var lengths: [Int] = []
    /// All weights, output position by output position.
    var weights: [Float] = []
    private var offsets: [Int] = []

    /// Weighs `limit` input positions for `count` outputs that cover `length` from `start`.
    init(start: Float, length: Float, count: Int, limit: Int) {
        let scale = length / Float(count)
        let support = max(1, scale)
        for index in 0..<count {
            let center = start + (Float(index) + 0.5) * scale
            let low = Int((center - support - 0.5).rounded(.up))
            let high = Int((center + support - 0.5).rounded(.down))
            let all = (low...max(low, high)).map { max(0, 1 - abs(Float($0) + 0.5 - center) / support) }
            let total = max(all.reduce(0, +), .leastNormalMagnitude)
            let inside = max(low, 0)..<max(max(low, 0), min(high + 1, limit))
            first.append(inside.isEmpty ? 0 : inside.lowerBound)
            lengths.append(inside.count)
            offsets.append(weights.count)
            weights += inside.map { all[$0 - low] / total }
        }
        // Positions without any input must not pull the covered stretch apart.
        let anchor = zip(first, lengths).first { $0.1 > 0 }?.0 ?? 0
        for index in first.indices where lengths[index] == 0 { first[index] = anchor }
    }

    func range(_ index: Int) -> Range<Int> { offsets[index]..<offsets[index] + lengths[index] }
}
