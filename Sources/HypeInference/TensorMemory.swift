import COpenVINO

/// Memory of one port of one request, aligned for vector instructions and shared with the runtime without a copy.
///
/// Ownership: this object owns the floats and the runtime's tensor handle that points at them; the request that uses
/// the handle must be freed first.
final class TensorMemory {
    let port: TensorPort
    let floats: UnsafeMutableBufferPointer<Float>
    let tensor: OpaquePointer

    init(port: TensorPort) throws {
        let raw = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, port.count) * MemoryLayout<Float>.stride,
            alignment: 64
        )
        var handle: OpaquePointer?
        do {
            try StaticShape.with(port.shape) { shape in
                try InferenceError.check(
                    ov_tensor_create_from_host_ptr(F32, shape, raw.baseAddress, &handle),
                    "The tensor for \"\(port.name)\" could not be made; this is a fault in the runtime's installation."
                )
            }
        } catch {
            raw.deallocate()
            throw error
        }
        guard let handle else {
            raw.deallocate()
            throw InferenceError(.runtime, "The runtime gave no tensor for \"\(port.name)\".")
        }
        floats = raw.bindMemory(to: Float.self)
        floats.initialize(repeating: 0)
        self.port = port
        tensor = handle
    }

    deinit {
        ov_tensor_free(tensor)
        floats.deallocate()
    }
}

/// Conversions between Swift arrays and the runtime's shapes.
enum StaticShape {
    /// Lends a shape to a call.
    static func with<Result>(_ shape: [Int], _ body: (ov_shape_t) throws -> Result) throws -> Result {
        var dimensions = shape.map(Int64.init)
        return try dimensions.withUnsafeMutableBufferPointer { buffer in
            try body(ov_shape_t(rank: Int64(buffer.count), dims: buffer.baseAddress))
        }
    }

    /// Takes over a shape that the runtime made.
    static func taking(_ shape: ov_shape_t) -> [Int] {
        var shape = shape
        defer { ov_shape_free(&shape) }
        return UnsafeBufferPointer(start: shape.dims, count: Int(shape.rank)).map(Int.init)
    }
}
