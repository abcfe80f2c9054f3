package import HypeCore

/// A picture as a video model sees it before its numbers are normalised: a square of bytes.
///
/// The same bytes as the reference (`VideoMAEImageProcessor` of the transformers library on Pillow): the shorter side is
/// brought to the model's side with Pillow's bilinear filter, the longer one in proportion and rounded down, and the square
/// in the middle is cut out. Columns and rows outside of that square are not computed.
package struct ClipPicture: Hashable, Sendable {
    /// Columns and rows.
    package let side: Int
    /// Bytes: red plane, green plane, blue plane.
    ///
    /// Shape `[3, side, side]`.
    package let planes: [UInt8]

    /// Cuts and scales a picture; gives nil where nothing of the region lies inside of it.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - region: The part of it to look at, such as the surroundings of a face; what lies outside of the picture is cut
    ///     off. Nil for all of it.
    ///   - side: Columns and rows of the result, at least 1.
    package init?(_ picture: PixelBuffer, region: PixelRegion? = nil, side: Int) {
        let whole = PixelRegion(x: 0, y: 0, width: picture.width, height: picture.height)
        guard side > 0, let part = (region ?? whole).clamped(toWidth: picture.width, height: picture.height) else {
            return nil
        }
        let short = min(part.width, part.height)
        // Reference: int(side * long / short) in floating point, which is exact here.
        let long = side * max(part.width, part.height) / short
        let (width, height) = part.width <= part.height ? (side, long) : (long, side)
        let (left, top) = ((width - side) / 2, (height - side) / 2)
        self.side = side
        let columns = PillowFilter(input: part.width, output: width, wanted: left..<left + side)
        let rows = PillowFilter(input: part.height, output: height, wanted: top..<top + side)
        let lines = Self.narrow(picture, part: part, rows: rows.inputs, columns: columns, side: side)
        planes = Self.shorten(lines, firstLine: rows.inputs.lowerBound, rows: rows, side: side)
    }

    /// Brings the lines that are needed to their width, shape `[line, 3, side]`.
    private static func narrow(
        _ picture: PixelBuffer,
        part: PixelRegion,
        rows: Range<Int>,
        columns: PillowFilter,
        side: Int
    ) -> [UInt8] {
        let half = Int32(1) << Int32(PillowFilter.precision - 1)
        return [UInt8](unsafeUninitializedCapacity: rows.count * 3 * side) { output, count in
            picture.bytes.withUnsafeBufferPointer { source in
                columns.weights.withUnsafeBufferPointer { weights in
                    for line in rows {
                        let origin = ((part.y + line) * picture.width + part.x) * 3
                        let target = (line - rows.lowerBound) * 3 * side
                        for x in 0..<side {
                            var place = origin + columns.first[x] * 3
                            var sum = SIMD3<Int32>(repeating: half)
                            for weight in columns.ranges[x] {
                                let pixel = SIMD3(
                                    Int32(source[place]),
                                    Int32(source[place + 1]),
                                    Int32(source[place + 2])
                                )
                                sum &+= pixel &* weights[weight]
                                place += 3
                            }
                            output[target + x] = PillowFilter.byte(sum.x)
                            output[target + side + x] = PillowFilter.byte(sum.y)
                            output[target + 2 * side + x] = PillowFilter.byte(sum.z)
                        }
                    }
                }
            }
            count = rows.count * 3 * side
        }
    }

    /// Brings the columns to their height, shape `[3, side, side]`.
    private static func shorten(_ lines: [UInt8], firstLine: Int, rows: PillowFilter, side: Int) -> [UInt8] {
        let half = Int32(1) << Int32(PillowFilter.precision - 1)
        var sums = [Int32](repeating: half, count: 3 * side)
        return [UInt8](unsafeUninitializedCapacity: 3 * side * side) { output, count in
            lines.withUnsafeBufferPointer { lines in
                sums.withUnsafeMutableBufferPointer { sums in
                    for y in 0..<side {
                        for index in sums.indices { sums[index] = half }
                        var place = (rows.first[y] - firstLine) * 3 * side
                        for weight in rows.ranges[y] {
                            let factor = rows.weights[weight]
                            let line = UnsafeBufferPointer(rebasing: lines[place..<place + 3 * side])
                            for index in sums.indices { sums[index] &+= Int32(line[index]) &* factor }
                            place += 3 * side
                        }
                        for plane in 0..<3 {
                            let target = (plane * side + y) * side
                            for x in 0..<side { output[target + x] = PillowFilter.byte(sums[plane * side + x]) }
                        }
                    }
                }
            }
            count = 3 * side * side
        }
    }
}

/// What a video model's numbers are made of bytes with: `(byte / 255 - mean) / deviation`, per colour.
package struct ClipNormalizer: Hashable, Sendable {
    /// The number of each byte, shape `[3, 256]`.
    private let table: [Float]

    /// Creates a normaliser.
    ///
    /// - Parameters:
    ///   - mean: Means of red, green and blue, 0…1. Shape `[3]`.
    ///   - deviation: Standard deviations of red, green and blue, above 0. Shape `[3]`.
    /// - Precondition: Three of each.
    package init(mean: [Float], deviation: [Float]) {
        precondition(mean.count == 3 && deviation.count == 3, "a picture has three colours")
        table = (0..<3).flatMap { colour -> [Float] in
            let (mean, deviation) = (mean[colour], deviation[colour])
            return (0..<256).map { byte in (Float(Double(byte) / 255) - mean) / deviation }
        }
    }

    /// Writes a picture's numbers.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - span: Receives them from `offset` on, in the shape `[3, side, side]`.
    ///   - offset: Place of the first number.
    package func write(_ picture: ClipPicture, to span: inout MutableSpan<Float>, at offset: Int) {
        let plane = picture.side * picture.side
        picture.planes.withUnsafeBufferPointer { bytes in
            table.withUnsafeBufferPointer { table in
                for colour in 0..<3 {
                    let (first, row) = (colour * plane, colour * 256)
                    for index in first..<first + plane { span[offset + index] = table[row + Int(bytes[index])] }
                }
            }
        }
    }
}
