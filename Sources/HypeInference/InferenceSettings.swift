package import Foundation

/// How models are compiled.
///
/// Precision is always 32-bit float: with AMX capped it is also the fastest, and outputs are then those of the Python
/// runtime bit by bit.
package struct InferenceSettings: Hashable, Sendable {
    /// Threads that one inference may use, at least 1.
    package var threads: Int
    /// Inferences that run side by side in one compiled model, at least 1.
    package var streams: Int
    /// Folder for compiled models, which makes the second start faster; nil for none.
    package var cacheDirectory: URL?

    /// Creates settings; the defaults suit a worker that runs one model at a time on its own thread.
    package init(threads: Int = 1, streams: Int = 1, cacheDirectory: URL? = nil) {
        self.threads = max(1, threads)
        self.streams = max(1, streams)
        self.cacheDirectory = cacheDirectory
    }

    /// The runtime's property names and values.
    var properties: [(key: String, value: String)] {
        var list = [
            (key: "INFERENCE_PRECISION_HINT", value: "f32"),
            (key: "INFERENCE_NUM_THREADS", value: String(threads)),
            (key: "NUM_STREAMS", value: String(streams)),
            (key: "ENABLE_CPU_PINNING", value: "NO"),
        ]
        if let cacheDirectory { list.append((key: "CACHE_DIR", value: cacheDirectory.path)) }
        return list
    }
}
