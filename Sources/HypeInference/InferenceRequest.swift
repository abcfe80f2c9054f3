import COpenVINO

/// One inference at a time on a compiled model, with its own input and output memory.
///
/// ``run()`` blocks its thread until the result is there, so it belongs on a thread of its own, never in a Swift task
/// of the shared pool. State such as a recurrent model's is an ordinary input and output here.
package final class InferenceRequest {
    /// The model that runs.
    package let model: CompiledModel

    private let handle: OpaquePointer
    private let inputs: [TensorMemory]
    private let outputs: [TensorMemory]
    private var isChecked = false

    /// Takes over a request of the runtime and gives it memory.
    init(handle: OpaquePointer, model: CompiledModel) throws {
        do {
            let inputs = try model.inputs.map(TensorMemory.init)
            let outputs = try model.outputs.map(TensorMemory.init)
            for (index, memory) in inputs.enumerated() {
                try InferenceError.check(
                    ov_infer_request_set_input_tensor_by_index(handle, index, memory.tensor),
                    "Input \"\(memory.port.name)\" of \(model.name) could not be bound."
                )
            }
            for (index, memory) in outputs.enumerated() {
                try InferenceError.check(
                    ov_infer_request_set_output_tensor_by_index(handle, index, memory.tensor),
                    "Output \"\(memory.port.name)\" of \(model.name) could not be bound."
                )
            }
            self.inputs = inputs
            self.outputs = outputs
        } catch {
            ov_infer_request_free(handle)
            throw error
        }
        self.handle = handle
        self.model = model
    }

    deinit {
        ov_infer_request_free(handle)
    }

    /// Writes an input in place.
    ///
    /// - Parameters:
    ///   - index: Position in the model's ``CompiledModel/inputs``.
    ///   - body: Fills the floats, which still hold what the last run was given. Shape and order of the port.
    /// - Returns: What `body` returns.
    package func withInput<Result>(
        _ index: Int,
        _ body: (inout MutableSpan<Float>) throws -> Result
    ) rethrows -> Result {
        let floats = inputs[index].floats
        var span = floats.mutableSpan
        return try body(&span)
    }

    /// Reads an output in place.
    ///
    /// - Parameters:
    ///   - index: Position in the model's ``CompiledModel/outputs``.
    ///   - body: Reads the floats of the last run. Shape and order of the port.
    /// - Returns: What `body` returns.
    package func withOutput<Result>(_ index: Int, _ body: (Span<Float>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(outputs[index].floats).span)
    }

    /// Copies an input in.
    ///
    /// - Parameters:
    ///   - values: As many floats as the port holds, row-major.
    ///   - index: Position in the model's ``CompiledModel/inputs``.
    /// - Throws: ``InferenceError`` with code `.wrongInputSize`.
    package func setInput(_ values: [Float], at index: Int) throws {
        let memory = inputs[index]
        guard values.count == memory.port.count else {
            throw InferenceError(
                .wrongInputSize,
                "Input \"\(memory.port.name)\" of \(model.name) takes \(memory.port.count) numbers "
                    + "in shape \(memory.port.shape), not \(values.count)."
            )
        }
        _ = memory.floats.update(fromContentsOf: values)
    }

    /// Copies an output out.
    ///
    /// - Parameter index: Position in the model's ``CompiledModel/outputs``.
    /// - Returns: The floats of the last run, row-major.
    package func output(_ index: Int) -> [Float] {
        Array(outputs[index].floats)
    }

    /// Runs the model on what its inputs hold and blocks until the outputs are written.
    ///
    /// - Throws: ``InferenceError`` with code `.runtime`, or `.wrongOutput` where the first run does not write what the
    ///   model announced (some precision hints make the runtime succeed with an empty output).
    package func run() throws {
        try InferenceError.check(ov_infer_request_infer(handle), "\(model.name) failed to run.")
        if !isChecked {
            try checkOutputs()
            isChecked = true
        }
    }

    /// Runs the model on copies of the inputs.
    ///
    /// - Parameter values: One array per input, in the model's order, row-major.
    /// - Returns: One array per output, in the model's order, row-major.
    /// - Throws: ``InferenceError`` with code `.wrongInputSize`, `.runtime` or `.wrongOutput`.
    package func run(_ values: [[Float]]) throws -> [[Float]] {
        guard values.count == inputs.count else {
            throw InferenceError(
                .wrongInputSize,
                "\(model.name) takes \(inputs.count) inputs, not \(values.count)."
            )
        }
        for (index, value) in values.enumerated() { try setInput(value, at: index) }
        try run()
        return outputs.indices.map(output)
    }

    private func checkOutputs() throws {
        for (index, memory) in outputs.enumerated() {
            let failure = "\(model.name) did not write output \"\(memory.port.name)\" as announced."
            var tensor: OpaquePointer?
            try InferenceError.check(
                ov_infer_request_get_output_tensor_by_index(handle, index, &tensor),
                as: .wrongOutput,
                failure
            )
            guard let tensor else { throw InferenceError(.wrongOutput, failure) }
            defer { ov_tensor_free(tensor) }
            var shape = ov_shape_t()
            var data: UnsafeMutableRawPointer?
            try InferenceError.check(ov_tensor_get_shape(tensor, &shape), as: .wrongOutput, failure)
            let written = StaticShape.taking(shape)
            try InferenceError.check(ov_tensor_data(tensor, &data), as: .wrongOutput, failure)
            guard written == memory.port.shape, data == UnsafeMutableRawPointer(memory.floats.baseAddress) else {
                throw InferenceError(.wrongOutput, "\(failure) Announced \(memory.port.shape), got \(written).")
            }
        }
    }
}
