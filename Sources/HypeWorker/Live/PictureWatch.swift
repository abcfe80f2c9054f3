package import HypeCore
import HypeEmotion

/// Tells whether the camera shows anything: not covered, and not frozen.
///
/// A pure state machine over pictures that are seconds apart.
package struct PictureWatch: Sendable {
    /// What became of the picture.
    package struct Change: Hashable, Sendable {
        /// Why it is of no use, or nil where it is of use again.
        package var reason: String?

        /// Creates a change.
        package init(reason: String?) {
            self.reason = reason
        }
    }

    /// Pictures in a row that must be the same before they count as frozen.
    package static let frozenPictures = 3
    /// Mean difference of bytes below which two pictures are the same; a camera's noise alone is above.
    package static let sameness = 0.15

    private var last: PixelBuffer?
    private var repeats = 0
    private var reason: String?

    /// Creates a watch that has seen nothing.
    package init() {}

    /// Looks at the next picture; nil where nothing changed.
    package mutating func update(_ picture: PixelBuffer, at time: MediaTime) -> Change? {
        if let last, last.width == picture.width, last.height == picture.height {
            repeats = Self.difference(last, picture) < Self.sameness ? repeats + 1 : 0
        }
        last = picture
        let found = judge(picture)
        guard found != reason else { return nil }
        reason = found
        return Change(reason: found)
    }

    private func judge(_ picture: PixelBuffer) -> String? {
        switch PictureLight(of: picture) {
        case .dark: "the camera picture is dark: is the lens covered?"
        case .flat: "the camera picture shows one flat colour: is the shutter closed?"
        case .lit: repeats >= Self.frozenPictures - 1 ? "the camera picture stands still: restart the camera" : nil
        }
    }

    private static func difference(_ left: PixelBuffer, _ right: PixelBuffer) -> Double {
        var sum = 0
        left.bytes.withUnsafeBufferPointer { left in
            right.bytes.withUnsafeBufferPointer { right in
                for index in 0..<min(left.count, right.count) { sum += abs(Int(left[index]) - Int(right[index])) }
            }
        }
        return Double(sum) / Double(max(1, left.bytes.count))
    }
}
