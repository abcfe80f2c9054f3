package import HypeCore

/// Whether a picture shows anything at all.
package enum PictureLight: Hashable, Sendable {
    /// There is something to see.
    case lit
    /// Almost black all over: covered lens, closed shutter or no light.
    case dark
    /// One flat colour: privacy shutter, blue screen or frozen grey.
    case flat

    /// 95th percentile of luma below which a picture is dark, 0…255; video black is 0 to 16, noise comes on top.
    private static let darkLevel = 36
    /// Difference of the 95th and the 5th percentile of luma below which a picture is flat.
    private static let flatSpread = 10

    /// Looks at every fourth pixel of every fourth row.
    package init(of picture: PixelBuffer) {
        var histogram = [Int](repeating: 0, count: 256)
        var total = 0
        picture.bytes.withUnsafeBufferPointer { bytes in
            for y in stride(from: 0, to: picture.height, by: 4) {
                for x in stride(from: 0, to: picture.width, by: 4) {
                    let offset = (y * picture.width + x) * 3
                    let luma = Luma.value(red: bytes[offset], green: bytes[offset + 1], blue: bytes[offset + 2])
                    histogram[min(255, Int(luma))] += 1
                    total += 1
                }
            }
        }
        let percentile = { (part: Double) -> Int in
            var seen = 0
            return histogram.firstIndex { count in
                seen += count
                return Double(seen) >= part * Double(total)
            } ?? 0
        }
        let high = percentile(0.95)
        if total == 0 || high < Self.darkLevel {
            self = .dark
        } else if high - percentile(0.05) < Self.flatSpread {
            self = .flat
        } else {
            self = .lit
        }
    }
}
