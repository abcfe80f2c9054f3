import Foundation
import Testing

/// An array in NumPy's format, as far as features need it.
struct NumPyArray {
    let shape: [Int]
    /// Values frame by frame.
    let frames: [[Float]]

    init(contentsOf path: String) throws {
        let data = try Data(contentsOf: URL(filePath: path))
        try #require(data.prefix(8) == Data([0x93] + Array("NUMPY".utf8) + [1, 0]))
        let length = Int(data[8]) | Int(data[9]) << 8
        try #require((10 + length).isMultiple(of: 64) && data[9 + length] == 0x0A)
        let header = String(decoding: data[10..<10 + length], as: UTF8.self)
        let match = try #require(
            header.firstMatch(of: /^\{'descr': '<f4', 'fortran_order': True, 'shape': \((\d+), (\d+)\), \} *\n$/)
        )
        let (values, count) = (try #require(Int(match.1)), try #require(Int(match.2)))
        try #require(data.count == 10 + length + 4 * values * count)
        let numbers = (0..<values * count).map { index in
            let place = 10 + length + 4 * index
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[place + $1]) << UInt32(8 * $1) }
            return Float(bitPattern: bits)
        }
        shape = [values, count]
        frames = (0..<count).map { Array(numbers[$0 * values..<($0 + 1) * values]) }
    }
}
