package import NIOCore

/// Writes FLV (Adobe Flash Video 10.1, annex E) with H.264, AAC and MP3.
package enum FLVWriter {
    private enum TagType {
        static let audio: UInt8 = 8
        static let video: UInt8 = 9
        static let script: UInt8 = 18
    }

    /// AAC with the fixed flags that the specification demands for it: 44 kHz, 16 bit, stereo, whatever it really is.
    private static let aacFlags: UInt8 = 0xaf
    /// The one codec of pictures that is written.
    private static let h264: UInt8 = 7
    /// MP3 at 44 kHz, 16 bit, stereo; FFmpeg finds the truth in the frames.
    private static let mp3Flags: UInt8 = 0x2f
    /// Metadata that speaks of a file that was finished, which a live stream is not.
    private static let fileProperties: Set = ["duration", "filesize", "filepositions", "keyframes", "times"]

    /// The file header, the publisher's metadata and the decoders' configurations.
    package static func header(for tracks: TrackSet, metadata: AMF0Value?, time: Int64) -> ByteBuffer {
        var output = ByteBuffer(string: "FLV")
        let flags: UInt8 = (tracks.audio == nil ? 0 : 4) | (tracks.video == nil ? 0 : 1)
        output.writeMultipleIntegers(UInt8(1), flags, UInt32(9), UInt32(0))
        if let metadata {
            let kept = metadata.properties.filter { !fileProperties.contains($0.name) }
            var script = ByteBuffer()
            script.writeAMF0(.string("onMetaData"), .ecmaArray(kept))
            // FFmpeg takes metadata with a time stamp for a track of data.
            writeTag(TagType.script, time: 0, body: script, to: &output)
        }
        if let configuration = tracks.video?.configuration {
            var body = ByteBuffer()
            body.writeMultipleIntegers(0x10 | h264, UInt8(0))
            body.writeUInt24(0)
            body.writeImmutableBuffer(configuration)
            writeTag(TagType.video, time: time, body: body, to: &output)
        }
        if let configuration = tracks.audio?.configuration {
            var body = ByteBuffer()
            body.writeMultipleIntegers(aacFlags, UInt8(0))
            body.writeImmutableBuffer(configuration)
            writeTag(TagType.audio, time: time, body: body, to: &output)
        }
        return output
    }

    /// One tag.
    package static func bytes(of packet: MediaPacket) -> ByteBuffer {
        var output = ByteBuffer()
        output.reserveCapacity(packet.data.readableBytes + 20)
        let size: Int
        switch packet.codec {
        case .aac, .mp3:
            let isAAC = packet.codec == .aac
            size = packet.data.readableBytes + (isAAC ? 2 : 1)
            writeTagHeader(TagType.audio, time: packet.time, size: size, to: &output)
            if isAAC {
                output.writeMultipleIntegers(aacFlags, UInt8(1))
            } else {
                output.writeInteger(packet.legacyFlags == 0 ? mp3Flags : packet.legacyFlags)
            }
        default:
            size = packet.data.readableBytes + 5
            writeTagHeader(TagType.video, time: packet.time, size: size, to: &output)
            output.writeMultipleIntegers((packet.frame.isKey ? 0x10 : 0x20) | h264, UInt8(1))
            output.writeUInt24(UInt32(bitPattern: packet.frame.compositionTime))
        }
        output.writeImmutableBuffer(packet.data)
        output.writeInteger(UInt32(size + 11))
        return output
    }

    private static func writeTag(_ type: UInt8, time: Int64, body: ByteBuffer, to output: inout ByteBuffer) {
        writeTagHeader(type, time: time, size: body.readableBytes, to: &output)
        output.writeImmutableBuffer(body)
        output.writeInteger(UInt32(body.readableBytes + 11))
    }

    private static func writeTagHeader(_ type: UInt8, time: Int64, size: Int, to output: inout ByteBuffer) {
        let timestamp = UInt32(truncatingIfNeeded: time)
        output.writeInteger(type)
        output.writeUInt24(UInt32(truncatingIfNeeded: size))
        output.writeUInt24(timestamp)
        output.writeInteger(UInt8(timestamp >> 24))
        output.writeUInt24(0)
    }
}
