import HypeMedia

/// Writes features to a file as they come.
struct FeatureWriter {
    private let format: any FeatureFormat
    private let file: OutputFile
    private var index = 0

    /// Begins a file.
    ///
    /// - Throws: `MediaError` with code `.cannotWrite` or `.diskFull`.
    init(_ format: any FeatureFormat, path: String, frameCount: Int) throws(MediaError) {
        self.format = format
        file = try OutputFile(path)
        try file.write(format.head(frameCount: frameCount))
    }

    /// Appends a frame.
    mutating func write(_ values: [Float]) throws(MediaError) {
        try file.write(format.frame(values, index: index))
        index += 1
    }

    /// Completes the file.
    func finish() throws(MediaError) {
        try file.write(format.tail)
        try file.finish()
    }
}
