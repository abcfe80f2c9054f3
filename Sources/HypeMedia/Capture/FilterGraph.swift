import CFFmpeg
import HypeCore

/// The owner of a chain of FFmpeg's audio filters for mono samples.
final class FilterGraph {
    private let library: hype_filters
    private let rate: Int
    private let input: FrameHolder
    private let output: FrameHolder
    private var graph: UnsafeMutablePointer<AVFilterGraph>?
    private var source: UnsafeMutablePointer<AVFilterContext>?
    private var sink: UnsafeMutablePointer<AVFilterContext>?
    private var sent: Int64 = 0

    /// Builds a chain.
    ///
    /// - Parameters:
    ///   - chain: The filters in FFmpeg's words; ours, never a person's.
    ///   - rate: Samples per second.
    /// - Throws: ``CaptureFailure`` with code `.noLibrary` where libavfilter or one of the filters is missing.
    init(_ chain: String, rate: Int) throws(CaptureFailure) {
        _ = LibAV.silenced
        library = try CaptureLibraries.filters()
        self.rate = rate
        do {
            input = try FrameHolder()
            output = try FrameHolder()
        } catch {
            throw CaptureFailure(.noLibrary, error.message)
        }
        graph = library.graph_alloc()
        var code: Int32 = 0
        let form = "sample_rate=\(rate):sample_fmt=flt:channel_layout=mono:time_base=1/\(rate)"
        code = library.create_filter(&source, library.get_by_name("abuffer"), "in", form, nil, graph)
        if code >= 0 { code = library.create_filter(&sink, library.get_by_name("abuffersink"), "out", nil, nil, graph) }
        if code >= 0 { code = link(chain) }
        if code >= 0 { code = library.configure(graph, nil) }
        guard code >= 0 else {
            throw CaptureFailure(
                .noLibrary,
                "This system's FFmpeg lacks a filter that cleans the voice. Install its complete package.",
                cause: LibAV.text(code)
            )
        }
    }

    deinit { library.graph_free(&graph) }

    private func link(_ chain: String) -> Int32 {
        var inputs = library.inout_alloc()
        var outputs = library.inout_alloc()
        defer {
            library.inout_free(&inputs)
            library.inout_free(&outputs)
        }
        // Seen from the chain: its input is the source's output.
        outputs?.pointee.name = av_strdup("in")
        outputs?.pointee.filter_ctx = source
        inputs?.pointee.name = av_strdup("out")
        inputs?.pointee.filter_ctx = sink
        return library.parse(graph, chain, &inputs, &outputs, nil)
    }

    /// Sends samples through the chain.
    ///
    /// - Parameter samples: Mono PCM.
    /// - Returns: What is ready; samples that a filter refuses come out as they are.
    func filter(_ samples: [Float]) -> [Float] {
        guard (try? input.fill(samples, rate: rate, channels: 1)) != nil else { return samples }
        input.pointer.pointee.pts = sent
        sent += Int64(samples.count)
        guard library.send(source, input.pointer, 0) >= 0 else { return samples }
        var result: [Float] = []
        while library.receive(sink, output.pointer) >= 0 {
            let count = Int(output.pointer.pointee.nb_samples)
            output.pointer.pointee.data.0?.withMemoryRebound(to: Float.self, capacity: count) { plane in
                result.append(contentsOf: UnsafeBufferPointer(start: plane, count: count))
            }
            av_frame_unref(output.pointer)
        }
        return result
    }
}
