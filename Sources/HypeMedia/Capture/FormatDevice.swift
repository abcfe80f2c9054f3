import CFFmpeg
import Foundation
import HypeCore

/// A device that libavformat reads.
package final class FormatDevice: CaptureDevice {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let stream: StreamInfo
    private let decoder: Decoder
    private let packet: PacketHolder
    private let role: CaptureRole
    private let name: String
    private let clock: SessionClock
    private var stamp: (arrival: MediaTime, age: Duration?)?

    /// Opens a device.
    ///
    /// - Parameters:
    ///   - address: What FFmpeg calls it.
    ///   - name: What a person calls it.
    ///   - role: What it brings.
    ///   - clock: The clock that frames are stamped with.
    /// - Throws: ``CaptureFailure`` with the remedy.
    package init(
        _ address: CaptureAddress,
        name: String,
        role: CaptureRole,
        clock: SessionClock
    ) throws(CaptureFailure) {
        _ = LibAV.silenced
        _ = try CaptureLibraries.devices()
        guard let format = av_find_input_format(address.format) else {
            throw CaptureFailure(
                .noLibrary,
                "This system's FFmpeg cannot read \(role.words) through \(address.format). Install its complete package."
            )
        }
        var opened: UnsafeMutablePointer<AVFormatContext>?
        var code: Int32 = 0
        for options in address.attempts {
            var dictionary: OpaquePointer?
            for (key, value) in options { av_dict_set(&dictionary, key, value, 0) }
            code = avformat_open_input(&opened, address.url, format, &dictionary)
            av_dict_free(&dictionary)
            // Another size or rate helps only where those were refused.
            if code >= 0 || !DeviceRefusal.maySucceedOtherwise(code) { break }
        }
        guard code >= 0, let opened else {
            throw DeviceRefusal.failure(code, role: role, name: name, format: address.format)
        }
        context = opened
        self.role = role
        self.name = name
        self.clock = clock
        do throws(MediaError) {
            let kind: StreamInfo.Kind = role.isPicture ? .video : .audio
            let streams = (0..<Int(opened.pointee.nb_streams)).compactMap { index in
                opened.pointee.streams[index].flatMap { StreamInfo($0) }
            }
            guard let stream = streams.first(where: { $0.kind == kind }) else {
                throw MediaError(.noStreams, "It brings nothing that \(role.words) should bring.")
            }
            self.stream = stream
            decoder = try Decoder(stream)
            packet = try PacketHolder()
        } catch {
            var last: UnsafeMutablePointer<AVFormatContext>? = opened
            avformat_close_input(&last)
            throw CaptureFailure(
                .unusable,
                "\(role.words.capitalizedFirst) (\(name)) cannot be used. Choose another device.",
                cause: error.description
            )
        }
    }

    deinit {
        var last: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&last)
    }

    package func read() throws(CaptureFailure) -> CapturedFrame {
        while true {
            if let stamp, decoder.receive() {
                guard let frame = CapturedFrame(decoder.frame, arrival: stamp.arrival, age: stamp.age) else {
                    throw lost(hype_averror(ENOMEM))
                }
                return frame
            }
            packet.clear()
            let code = av_read_frame(context, packet.pointer)
            let arrival = SessionClock.monotonic
            if code == hype_error_again { continue }
            guard code >= 0 else { throw lost(code) }
            guard Int(packet.pointer.pointee.stream_index) == stream.index else { continue }
            stamp = (clock.time(at: arrival), age(at: arrival))
            decoder.send(packet)
        }
    }

    private func age(at arrival: Int64) -> Duration? {
        let pts = packet.pointer.pointee.pts
        guard let ticks = LibAV.timestamp(pts, in: stream.timebase) else { return nil }
        return DeviceStamp.age(
            stamp: MediaTime(pts: ticks, timebase: stream.timebase).nanoseconds,
            monotonic: arrival,
            wall: Self.wallClock
        )
    }

    private func lost(_ code: Int32) -> CaptureFailure {
        CaptureFailure(
            .lost,
            "\(role.words.capitalizedFirst) (\(name)) went away. Plug it in again, or choose another device.",
            cause: LibAV.text(code)
        )
    }

    private static var wallClock: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
