/// What the inference runtime is and what it has loaded.
package struct RuntimeReport: Codable, Sendable {
    /// OpenVINO's build number, such as `2026.4.1-…`.
    package let version: String
    /// State of the AMX tile unit.
    package let amx: Processor.AMX
    /// Highest instruction set the kernels may use, or nil where they choose freely.
    package let instructionSetCap: String?
    /// Threads that one inference may use.
    package let threads: Int
    /// Models in the order they were loaded.
    package let models: [LoadedModel]

    /// A model that was read and compiled.
    package struct LoadedModel: Codable, Sendable {
        /// File name.
        package let name: String
        /// Where the file lies.
        package let path: String
        /// Its inputs.
        package let inputs: [TensorPort]
        /// Its outputs.
        package let outputs: [TensorPort]
        /// Time to read and compile, in seconds.
        package let loadSeconds: Double
        /// Whether the compiled form came from the cache folder.
        package let fromCache: Bool
    }
}
