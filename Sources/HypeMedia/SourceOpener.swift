import CFFmpeg
import HypeCore

/// Opens files through libavformat, within limits that are safe for files from strangers.
enum SourceOpener {
    /// Opens a container and finds out what its streams are.
    ///
    /// - Parameters:
    ///   - path: A regular file.
    ///   - options: How to open.
    ///   - interrupt: The switch that the context will ask; the caller keeps it as long as the context.
    /// - Returns: A context that the caller has to close.
    /// - Throws: ``MediaError`` in the words of the cause.
    static func open(
        _ path: String,
        options: MediaSource.Options,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> UnsafeMutablePointer<AVFormatContext> {
        guard let allocated = avformat_alloc_context() else {
            throw MediaError(.cannotOpen, "There is no memory left to open \(path).")
        }
        var context: UnsafeMutablePointer<AVFormatContext>? = allocated
        allocated.pointee.interrupt_callback = LibAV.callback(asking: interrupt)
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        av_dict_set(&dictionary, "protocol_whitelist", options.protocols, 0)
        av_dict_set(&dictionary, "format_whitelist", InputCheck.allowedFormats, 0)
        av_dict_set(&dictionary, "probesize", String(options.probeSize), 0)
        av_dict_set(&dictionary, "analyzeduration", String(Timebase.microseconds.ticks(options.probeSpan)), 0)
        // On failure this frees the context.
        let opened = avformat_open_input(&context, "file:" + path, nil, &dictionary)
        guard opened >= 0, let context else {
            try interrupt.check()
            throw Self.error(opened, path: path)
        }
        let found = options.probes ? avformat_find_stream_info(context, nil) : 0
        guard found >= 0, !interrupt.isCancelled else {
            var last: UnsafeMutablePointer<AVFormatContext>? = context
            avformat_close_input(&last)
            try interrupt.check()
            throw Self.error(found, path: path)
        }
        return context
    }

    private static func error(_ code: Int32, path: String) -> MediaError {
        switch code {
        case hype_averror(EACCES), hype_averror(EPERM):
            MediaError(.permission, "\(path) may not be read. Give this user the right to read it.")
        case hype_averror(ENOENT):
            MediaError(.notFound, "There is no file at \(path). Check the spelling of the path.")
        case hype_error_invalid_data, hype_error_eof, hype_averror(EINVAL):
            MediaError(
                .notMedia,
                "\(path) is not a recording that can be read, or it is damaged at its beginning. "
                    + "An MP4 whose recording was broken off has no index: repair or re-mux it first.",
                cause: LibAV.text(code)
            )
        default:
            MediaError(.cannotOpen, "\(path) cannot be opened.", cause: LibAV.text(code))
        }
    }
}
