import COpenVINO

/// A model compiled for this processor.
///
/// Keeps its core alive. All ports hold 32-bit floats of fixed shape.
package final class CompiledModel: Sendable {
    /// File name of the model, for messages.
    package let name: String
    /// Inputs in the file's order.
    package let inputs: [TensorPort]
    /// Outputs in the file's order.
    package let outputs: [TensorPort]

    // The runtime documents a compiled model as safe for use from several threads; the handle never changes.
    nonisolated(unsafe) private let handle: OpaquePointer
    private let core: InferenceCore

    /// Takes over a compiled model of the runtime.
    ///
    /// - Throws: ``InferenceError`` with code `.unsupportedPort` where a port is not float or has an open shape.
    init(handle: OpaquePointer, name: String, core: InferenceCore) throws {
        do {
            inputs = try Self.ports(
                of: handle,
                model: name,
                count: ov_compiled_model_inputs_size,
                port: ov_compiled_model_input_by_index
            )
            outputs = try Self.ports(
                of: handle,
                model: name,
                count: ov_compiled_model_outputs_size,
                port: ov_compiled_model_output_by_index
            )
        } catch {
            ov_compiled_model_free(handle)
            throw error
        }
        self.handle = handle
        self.name = name
        self.core = core
    }

    deinit {
        ov_compiled_model_free(handle)
    }

    /// Makes a request: the memory and the state of one inference at a time.
    ///
    /// - Returns: A request to be used from one thread at a time.
    /// - Throws: ``InferenceError`` with code `.runtime`.
    package func makeRequest() throws -> InferenceRequest {
        var request: OpaquePointer?
        let failure = "A request for \(name) could not be made."
        try InferenceError.check(ov_compiled_model_create_infer_request(handle, &request), failure)
        guard let request else { throw InferenceError(.runtime, failure) }
        return try InferenceRequest(handle: request, model: self)
    }

    /// Position of an output by name.
    ///
    /// - Parameter name: Name in the model file; a port may have several.
    /// - Returns: Index into ``outputs``.
    /// - Throws: ``InferenceError`` with code `.unsupportedPort`, which lists the names there are.
    package func outputIndex(_ name: String) throws -> Int {
        try index(of: name, in: outputs, kind: "output", tensor: ov_infer_request_get_output_tensor_by_index)
    }

    /// Position of an input by name.
    ///
    /// - Parameter name: Name in the model file; a port may have several.
    /// - Returns: Index into ``inputs``.
    /// - Throws: ``InferenceError`` with code `.unsupportedPort`, which lists the names there are.
    package func inputIndex(_ name: String) throws -> Int {
        try index(of: name, in: inputs, kind: "input", tensor: ov_infer_request_get_input_tensor_by_index)
    }

    /// A property of the compiled model as text, or nil where the runtime does not know it.
    func property(_ key: String) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard ov_compiled_model_get_property(handle, key, &value) == OK, let value else { return nil }
        defer { ov_free(value) }
        return String(cString: value)
    }

    private typealias TensorByIndex = (OpaquePointer?, Int, UnsafeMutablePointer<OpaquePointer?>?) -> ov_status_e

    /// Looks a name up among the ports' first names, then among all names.
    ///
    /// The C API names one name per port and cannot say which port a name belongs to; but a request finds tensors by any
    /// name and by index, and the same port gives the same memory.
    private func index(of name: String, in ports: [TensorPort], kind: String, tensor: TensorByIndex) throws -> Int {
        if let index = ports.firstIndex(where: { $0.name == name }) { return index }
        var request: OpaquePointer?
        if ov_compiled_model_create_infer_request(handle, &request) == OK, let request {
            defer { ov_infer_request_free(request) }
            let wanted = Self.address { ov_infer_request_get_tensor(request, name, $0) }
            for index in ports.indices where wanted != nil {
                if Self.address({ tensor(request, index, $0) }) == wanted { return index }
            }
        }
        let names = ports.map(\.name).joined(separator: ", ")
        throw InferenceError(.unsupportedPort, "\(self.name) has no \(kind) \"\(name)\", only: \(names).")
    }

    private static func address(
        _ get: (UnsafeMutablePointer<OpaquePointer?>) -> ov_status_e
    ) -> UnsafeMutableRawPointer? {
        var tensor: OpaquePointer?
        guard get(&tensor) == OK, let tensor else { return nil }
        defer { ov_tensor_free(tensor) }
        var data: UnsafeMutableRawPointer?
        return ov_tensor_data(tensor, &data) == OK ? data : nil
    }

    private static func ports(
        of handle: OpaquePointer,
        model: String,
        count: (OpaquePointer?, UnsafeMutablePointer<Int>?) -> ov_status_e,
        port: (OpaquePointer?, Int, UnsafeMutablePointer<OpaquePointer?>?) -> ov_status_e
    ) throws -> [TensorPort] {
        var size = 0
        try InferenceError.check(count(handle, &size), "The ports of \(model) cannot be counted.")
        return try (0..<size).map { index in
            var found: OpaquePointer?
            let failure = "Port \(index) of \(model) cannot be read."
            try InferenceError.check(port(handle, index, &found), failure)
            guard let found else { throw InferenceError(.runtime, failure) }
            defer { ov_output_const_port_free(found) }
            return try read(found, index: index, model: model)
        }
    }

    private static func read(_ port: OpaquePointer, index: Int, model: String) throws -> TensorPort {
        var text: UnsafeMutablePointer<CChar>?
        var name = "#\(index)"
        if ov_port_get_any_name(port, &text) == OK, let text {
            name = String(cString: text)
            ov_free(text)
        }
        var type = ov_element_type_e(rawValue: 0)
        try InferenceError.check(ov_port_get_element_type(port, &type), "Port \"\(name)\" of \(model) has no type.")
        guard type == F32 else {
            throw InferenceError(.unsupportedPort, "Port \"\(name)\" of \(model) does not hold 32-bit floats.")
        }
        var shape = ov_shape_t()
        try InferenceError.check(
            ov_const_port_get_shape(port, &shape),
            as: .unsupportedPort,
            "Port \"\(name)\" of \(model) has an open shape; load the model with fixed input shapes."
        )
        return TensorPort(name: name, shape: StaticShape.taking(shape))
    }
}
