import HypeCore

/// Notices where a film cuts to a very different picture, so that no face is followed into another scene.
///
/// Compares the mean brightness of 16×12 places with that of the picture before. A quarter of a second apart, living
/// webcam takes reach 17 levels (the head of a laughing man fills the picture), cuts from one laboratory to another 21 to
/// 45; cuts between people before the same wall stay at 10 to 15 and are not noticed (three takes, one montage,
/// 2026-11-21).
struct SceneCut: Sendable {
    /// Mean difference in grey levels from which on a picture begins a new scene.
    private static let limit: Float = 20
    private static let columns = 16
    private static let rows = 12
    /// Every so-many-th pixel of every so-many-th row is looked at.
    private static let stride = 4

    private var before: [Float] = []

    /// Takes the next picture; whether it begins a new scene.
    mutating func begins(_ picture: PixelBuffer) -> Bool {
        let places = Self.places(of: picture)
        defer { before = places }
        guard before.count == places.count else { return false }
        let difference = zip(before, places).reduce(0) { $0 + abs($1.0 - $1.1) }
        return difference / Float(places.count) > Self.limit
    }

    private static func places(of picture: PixelBuffer) -> [Float] {
        var sums = [Float](repeating: 0, count: columns * rows)
        var counts = [Float](repeating: 0, count: columns * rows)
        picture.bytes.withUnsafeBufferPointer { bytes in
            for y in Swift.stride(from: 0, to: picture.height, by: stride) {
                for x in Swift.stride(from: 0, to: picture.width, by: stride) {
                    let offset = (y * picture.width + x) * 3
                    let place = y * rows / picture.height * columns + x * columns / picture.width
                    sums[place] += Luma.value(red: bytes[offset], green: bytes[offset + 1], blue: bytes[offset + 2])
                    counts[place] += 1
                }
            }
        }
        return zip(sums, counts).map { $0 / max(1, $1) }
    }
}
