package import NIOCore

/// Sample rate and channels, as far as a codec's configuration tells them.
package struct SoundFormat: Hashable, Sendable {
    /// Samples per second, 1…1,048,575.
    package var rate: Int
    /// Channels, 1…255.
    package var channels: Int

    /// Creates a format.
    package init(rate: Int, channels: Int) {
        self.rate = rate
        self.channels = channels
    }

    /// What encoders use where nothing tells otherwise.
    static let usual = SoundFormat(rate: 48_000, channels: 2)

    /// Reads a configuration.
    ///
    /// - Returns: Nil where it is too short or tells nothing.
    package init?(_ codec: MediaCodec, configuration: ByteBuffer) {
        let bytes = configuration.readableBytesView
        let start = bytes.startIndex
        let found: SoundFormat?
        switch codec {
        case .aac: found = Self.aac(Array(bytes.prefix(8)))
        // RFC 7845, section 5.1: the decoder's output is always at 48 kHz.
        case .opus: found = bytes.count >= 10 ? SoundFormat(rate: 48_000, channels: Int(bytes[start + 9])) : nil
        case .flac: found = Self.flac(Array(bytes.prefix(24)))
        default: found = nil
        }
        guard let found, found.rate > 0, (1...255).contains(found.channels) else { return nil }
        self = found
    }

    /// ISO/IEC 14496-3, 1.6.2.1: five bits of object type, four of rate (15: 24 bits follow), four of channels.
    private static func aac(_ bytes: [UInt8]) -> SoundFormat? {
        let rates = [
            96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
        ]
        let bits = bytes.reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64($1) } << (8 * UInt64(8 - bytes.count))
        guard bytes.count >= 2, bits >> 59 != 31 else { return nil }
        let index = Int(bits >> 55 & 0xf)
        if index == 15 {
            return bytes.count >= 5
                ? SoundFormat(rate: Int(bits >> 31 & 0xff_ffff), channels: channels(bits >> 27)) : nil
        }
        return index < rates.count ? SoundFormat(rate: rates[index], channels: channels(bits >> 51)) : nil
    }

    private static func channels(_ bits: UInt64) -> Int {
        let configuration = Int(bits & 0xf)
        return configuration == 7 ? 8 : configuration
    }

    /// `fLaC`, a block header of four bytes, and at byte 10 of STREAMINFO 20 bits of rate and three of channels.
    private static func flac(_ bytes: [UInt8]) -> SoundFormat? {
        guard bytes.count >= 21 else { return nil }
        let bits = UInt32(bytes[18]) << 16 | UInt32(bytes[19]) << 8 | UInt32(bytes[20])
        return SoundFormat(rate: Int(bits >> 4), channels: Int(bits >> 1 & 7) + 1)
    }
}
