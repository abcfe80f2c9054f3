import Foundation

/// NumPy's format, version 1.0: 32-bit floats, shape `[values, frames]`.
///
/// Values of a frame lie beside each other, which the header calls Fortran's order, so the array has librosa's shape and
/// is still written frame by frame.
struct NPYFeatures: FeatureFormat {
    private let valueCount: Int

    /// Creates the format for frames with a number of values.
    init(valueCount: Int) {
        self.valueCount = valueCount
    }

    func head(frameCount: Int) -> Data {
        let text = "{'descr': '<f4', 'fortran_order': True, 'shape': (\(valueCount), \(frameCount)), }"
        // Magic, version, length and text are a multiple of 64 bytes long, and the text ends in a newline.
        let padding = 63 - (10 + text.utf8.count) % 64
        let length = UInt16(text.utf8.count + padding + 1)
        let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        return Data(magic) + Data((text + String(repeating: " ", count: padding) + "\n").utf8)
    }

    func frame(_ values: [Float], index: Int) -> Data {
        values.reduce(into: Data(capacity: 4 * values.count)) { data, value in
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
    }

    var tail: Data { Data() }
}
