import Foundation

/// Weights that fade a frame of samples in and out.
package enum Window {
    /// A periodic Hann window, `0.5 - 0.5 cos(2πi/n)`, as `scipy.signal.get_window("hann", n)` makes it.
    ///
    /// - Parameter count: Number of samples, at least 1.
    /// - Returns: Factors 0…1. Shape `[count]`.
    package static func hann(count: Int) -> [Float] {
        (0..<count).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(count))) }
    }

    /// A window that changes nothing.
    ///
    /// - Parameter count: Number of samples, at least 1.
    /// - Returns: Ones. Shape `[count]`.
    package static func rectangle(count: Int) -> [Float] {
        [Float](repeating: 1, count: count)
    }
}
