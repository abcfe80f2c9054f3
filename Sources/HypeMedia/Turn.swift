import HypeCore

/// A rotation by a quarter of a circle or several, between a picture as it is stored and as it is seen.
enum Turn: Int, CaseIterable, Sendable {
    case none = 0
    case quarter = 90
    case half = 180
    case threeQuarters = 270

    /// Takes clockwise degrees; what is not a multiple of 90 in 0…270 counts as 0.
    init(clockwise degrees: Int) {
        self = Turn(rawValue: degrees) ?? .none
    }

    /// The size of a picture after the turn; the same turn back gives the stored size of an upright one.
    func size(_ width: Int, _ height: Int) -> (width: Int, height: Int) {
        self == .quarter || self == .threeQuarters ? (height, width) : (width, height)
    }

    /// The part of the stored picture that a part of the upright one comes from.
    ///
    /// - Parameters:
    ///   - region: A rectangle inside the upright picture.
    ///   - width: Columns of the stored picture.
    ///   - height: Rows of the stored picture.
    /// - Returns: The rectangle in the stored picture.
    func stored(_ region: PixelRegion, width: Int, height: Int) -> PixelRegion {
        switch self {
        case .none:
            region
        case .quarter:
            PixelRegion(
                x: region.y,
                y: height - region.x - region.width,
                width: region.height,
                height: region.width
            )
        case .half:
            PixelRegion(
                x: width - region.x - region.width,
                y: height - region.y - region.height,
                width: region.width,
                height: region.height
            )
        case .threeQuarters:
            PixelRegion(
                x: width - region.y - region.height,
                y: region.x,
                width: region.height,
                height: region.width
            )
        }
    }

    /// Turns RGB rows.
    ///
    /// - Parameters:
    ///   - source: Stored rows of 3 bytes per pixel.
    ///   - stride: Bytes from row to row.
    ///   - width: Columns of the stored picture.
    ///   - height: Rows of the stored picture.
    /// - Returns: The upright picture without padding.
    func upright(_ source: UnsafeRawBufferPointer, stride: Int, width: Int, height: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, initialized in
            let output = UnsafeMutableRawBufferPointer(target)
            if self == .none {
                for y in 0..<height {
                    let row = UnsafeRawBufferPointer(rebasing: source[y * stride..<y * stride + width * 3])
                    UnsafeMutableRawBufferPointer(rebasing: output[y * width * 3..<(y + 1) * width * 3])
                        .copyMemory(from: row)
                }
            } else {
                // The place of stored pixel (x, y) in the upright picture is first + x * right + y * down.
                let (first, right, down): (Int, Int, Int) =
                    switch self {
                    case .none: (0, 1, width)
                    case .quarter: (height - 1, height, -1)
                    case .half: (width * height - 1, -1, -width)
                    case .threeQuarters: ((width - 1) * height, -height, 1)
                    }
                for y in 0..<height {
                    for x in 0..<width {
                        let from = y * stride + x * 3
                        let to = (first + x * right + y * down) * 3
                        output[to] = source[from]
                        output[to + 1] = source[from + 1]
                        output[to + 2] = source[from + 2]
                    }
                }
            }
            initialized = width * height * 3
        }
    }
}
