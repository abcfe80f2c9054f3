import CFFmpeg
import HypeCore

/// Drawing on pictures in 4:2:0.
extension FrameHolder {
    private struct Plane {
        let rows: UnsafeMutablePointer<UInt8>
        let stride: Int
        /// How many pixels share a value, in each direction.
        let step: Int
    }

    private var planes: [Plane] {
        let (data, sizes) = (pointer.pointee.data, pointer.pointee.linesize)
        return [(data.0, sizes.0, 1), (data.1, sizes.1, 2), (data.2, sizes.2, 2)].compactMap { rows, stride, step in
            rows.map { Plane(rows: $0, stride: Int(stride), step: step) }
        }
    }

    /// Makes the picture black.
    func blacken() {
        for plane in planes {
            let rows = (Int(pointer.pointee.height) + plane.step - 1) / plane.step
            plane.rows.update(repeating: plane.step == 1 ? 16 : 128, count: rows * plane.stride)
        }
    }

    /// Draws another picture.
    ///
    /// - Parameters:
    ///   - other: The picture, as large as the place.
    ///   - place: A rectangle inside this picture with even sides and edges.
    func copy(_ other: FrameHolder, to place: PixelRegion) {
        for (target, source) in zip(planes, other.planes) {
            let (width, height) = (place.width / target.step, place.height / target.step)
            let start = target.rows + place.y / target.step * target.stride + place.x / target.step
            for row in 0..<height {
                (start + row * target.stride).update(from: source.rows + row * source.stride, count: width)
            }
        }
    }

    /// Brightness: mean and standard deviation of every fourth pixel of every fourth row, 0…255; nil without a picture.
    var brightness: (mean: Double, deviation: Double)? {
        guard let plane = planes.first else { return nil }
        var (sum, squares, count) = (0, 0, 0)
        for row in stride(from: 0, to: Int(pointer.pointee.height), by: 4) {
            let start = plane.rows + row * plane.stride
            for column in stride(from: 0, to: Int(pointer.pointee.width), by: 4) {
                let value = Int(start[column])
                sum += value
                squares += value * value
                count += 1
            }
        }
        guard count > 0 else { return nil }
        let mean = Double(sum) / Double(count)
        return (mean, max(0, Double(squares) / Double(count) - mean * mean).squareRoot())
    }
}
