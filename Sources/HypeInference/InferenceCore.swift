import COpenVINO
package import Foundation
import HypeCore
import Synchronization

/// The inference runtime: reads model files and compiles them for this processor.
///
/// Make one per process and share it. Creating it runs the processor check first (see ``Processor``).
///
/// ```swift
/// let core = try InferenceCore()
/// let model = try core.load(locator.url(of: .sileroVAD))
/// let request = try model.makeRequest()
/// let outputs = try request.run([samples, state])
/// ```
package final class InferenceCore: Sendable {
    // The runtime documents its core as safe for use from several threads; the handle never changes.
    nonisolated(unsafe) private let handle: OpaquePointer
    private let settings: InferenceSettings
    private let loaded = Mutex<[RuntimeReport.LoadedModel]>([])

    /// Starts the runtime.
    ///
    /// - Parameter settings: How models are compiled.
    /// - Throws: ``InferenceError`` with code `.runtime` where the runtime does not start.
    package init(settings: InferenceSettings = InferenceSettings()) throws {
        _ = Processor.instructionSetCap
        var made: OpaquePointer?
        let remedy = "The inference runtime does not start. Run Scripts/bootstrap again to restore its files."
        try InferenceError.check(ov_core_create(&made), remedy)
        guard let made else { throw InferenceError(.runtime, remedy) }
        handle = made
        self.settings = settings
    }

    deinit {
        ov_core_free(handle)
    }

    /// Reads and compiles a model file.
    ///
    /// - Parameters:
    ///   - url: An `.onnx`, `.tflite` or OpenVINO `.xml` file.
    ///   - inputShapes: Fixed shapes by input name, for inputs whose shape the file leaves open (such as the batch).
    /// - Returns: The compiled model; it may be used from any thread.
    /// - Throws: ``InferenceError`` with code `.modelMissing`, `.modelUnusable` or `.unsupportedPort`.
    package func load(_ url: URL, inputShapes: [String: [Int]] = [:]) throws -> CompiledModel {
        let name = url.lastPathComponent
        guard FileManager.default.isReadableFile(atPath: url.path) else {
            throw InferenceError(
                .modelMissing,
                "The model file \(url.path) is missing or not readable. Run Scripts/bootstrap, or restore Models/."
            )
        }
        let clock = ContinuousClock()
        let start = clock.now
        let unusable = "\(name) is not a model that can be used. Restore it (Scripts/bootstrap or Models/)."

        var model: OpaquePointer?
        try InferenceError.check(ov_core_read_model(handle, url.path, nil, &model), as: .modelUnusable, unusable)
        guard let model else { throw InferenceError(.modelUnusable, unusable) }
        defer { ov_model_free(model) }
        for (input, shape) in inputShapes.sorted(by: { $0.key < $1.key }) {
            try Self.reshape(model, input: input, shape: shape, file: name)
        }

        var compiled: OpaquePointer?
        try Self.withProperties(settings.properties) { properties in
            try InferenceError.check(
                ov_core_compile_model_props(
                    handle,
                    model,
                    "CPU",
                    properties.count,
                    properties.baseAddress,
                    &compiled
                ),
                as: .modelUnusable,
                unusable
            )
        }
        guard let compiled else { throw InferenceError(.modelUnusable, unusable) }
        let result = try CompiledModel(handle: compiled, name: name, core: self)
        let entry = RuntimeReport.LoadedModel(
            name: name,
            path: url.path,
            inputs: result.inputs,
            outputs: result.outputs,
            loadSeconds: (clock.now - start).inSeconds,
            fromCache: result.property("LOADED_FROM_CACHE") == "YES"
        )
        loaded.withLock { $0.append(entry) }
        return result
    }

    /// What the runtime is and what it has loaded, for health pages and the `doctor` command.
    package var report: RuntimeReport {
        RuntimeReport(
            version: Self.version,
            amx: Processor.amx,
            instructionSetCap: Processor.instructionSetCap,
            threads: settings.threads,
            models: loaded.withLock { $0 }
        )
    }

    private static var version: String {
        var version = ov_version_t()
        guard ov_get_openvino_version(&version) == OK else { return "unknown" }
        defer { ov_version_free(&version) }
        return version.buildNumber.map { String(cString: $0) } ?? "unknown"
    }

    private static func reshape(_ model: OpaquePointer, input: String, shape: [Int], file: String) throws {
        var partial = ov_partial_shape_t()
        let failure = "\(file) does not take input \"\(input)\" in shape \(shape)."
        let dimensions = shape.map(Int64.init)
        try InferenceError.check(
            ov_partial_shape_create_static(Int64(shape.count), dimensions, &partial),
            as: .unsupportedPort,
            failure
        )
        defer { ov_partial_shape_free(&partial) }
        try InferenceError.check(ov_model_reshape_input_by_name(model, input, partial), as: .unsupportedPort, failure)
    }

    private static func withProperties(
        _ list: [(key: String, value: String)],
        _ body: (UnsafeBufferPointer<ov_property_t>) throws -> Void
    ) throws {
        let strings = list.map { (key: strdup($0.key), value: strdup($0.value)) }
        defer {
            for string in strings {
                free(string.key)
                free(string.value)
            }
        }
        let properties = strings.map { ov_property_t(key: $0.key, value: $0.value) }
        try properties.withUnsafeBufferPointer(body)
    }
}
