import HypeCore

/// Where a live source is, and what may be used to read it.
///
/// Addresses come from users, and libavformat speaks many protocols: each kind of address gets the few that it needs,
/// none of which opens local files.
package struct LiveAddress: Hashable, Sendable {
    /// What the address is called in messages; without user names and keys.
    package let name: String
    /// What libavformat opens.
    let location: String
    /// libavformat's protocols that may be used, separated by commas.
    let protocols: String
    /// Demultiplexers that may be used, separated by commas.
    let formats: String
    /// The demultiplexer, where it need not be found out.
    let format: String?
    /// Options of the protocols and the demultiplexer.
    let options: [String: String]
    /// How time stamps are placed.
    let placement: SourceClock.Placement
    /// Whether packets are held back until their time has come.
    let isPaced: Bool
    /// Whether the end of the bytes is the end for good.
    let endsForGood: Bool
    /// Host that must not be a private one, or nil where that does not matter.
    let host: String?
    /// How long the source may be silent before it is opened anew; nil for sources that say so themselves.
    package let patience: Duration?

    /// Time after which the 32-bit milliseconds of FLV start over.
    static let flvWrap = Duration.milliseconds(1 << 32)

    /// The relay's socket, which sends FLV or Matroska with time stamps on the session's clock.
    package static func relay(socket: String) -> LiveAddress {
        LiveAddress(
            name: "the relay",
            location: "unix:" + socket,
            protocols: "unix",
            formats: "flv,live_flv,matroska,webm",
            format: nil,
            options: [:],
            placement: .given(wrap: flvWrap),
            isPaced: false,
            endsForGood: false,
            host: nil,
            patience: nil
        )
    }

    /// A file that is played once at real speed; its beginning is media time zero.
    ///
    /// - Throws: ``MediaError`` where it is no readable file.
    package static func file(_ path: String) throws(MediaError) -> LiveAddress {
        try InputCheck.check(path)
        return LiveAddress(
            name: path,
            location: "file:" + path,
            protocols: "file",
            formats: InputCheck.allowedFormats,
            format: nil,
            options: [:],
            placement: .fromZero,
            isPaced: true,
            endsForGood: true,
            host: nil,
            patience: nil
        )
    }

    /// A stream in the network: HLS, MPEG-TS or FLV over HTTP, MPEG-TS over UDP or SRT, RTMP.
    ///
    /// - Parameters:
    ///   - text: The address as it was given.
    ///   - mayBePrivate: Whether it may lead into a private network or to this machine.
    /// - Returns: The address, of which nothing was asked yet.
    /// - Throws: ``MediaError`` with code `.cannotOpen` for addresses of other kinds.
    package static func url(_ text: String, mayBePrivate: Bool) throws(MediaError) -> LiveAddress {
        guard let parts = AddressParts(text), let kind = Kind(scheme: parts.scheme) else {
            throw MediaError(
                .cannotOpen,
                "This address cannot be watched. Give one that begins with http://, https://, udp://, srt://, rtmp:// "
                    + "or rtmps://."
            )
        }
        return LiveAddress(
            name: parts.name,
            location: text,
            protocols: kind.protocols,
            formats: kind.formats,
            format: nil,
            options: kind.options,
            placement: .byArrival,
            isPaced: false,
            endsForGood: false,
            // A datagram socket is bound to its address: nothing is asked of a host.
            host: mayBePrivate || kind == .udp ? nil : parts.host,
            patience: .seconds(20)
        )
    }
}

extension LiveAddress {
    /// Kinds of addresses in the network.
    enum Kind: Hashable, Sendable {
        case http, udp, srt, rtmp

        init?(scheme: String) {
            switch scheme {
            case "http", "https": self = .http
            case "udp": self = .udp
            case "srt": self = .srt
            case "rtmp", "rtmps": self = .rtmp
            default: return nil
            }
        }

        var protocols: String {
            switch self {
            case .http: "http,https,tcp,tls,crypto"
            case .udp: "udp"
            case .srt: "srt"
            case .rtmp: "rtmp,rtmps,tcp,tls"
            }
        }

        var formats: String {
            switch self {
            case .http: "hls,mpegts,flv,live_flv,matroska,webm,mov,mp4,aac,mp3,ogg"
            case .udp, .srt: "mpegts"
            case .rtmp: "flv,live_flv"
            }
        }

        /// Timeouts in microseconds; HLS begins at the newest segment.
        var options: [String: String] {
            switch self {
            case .http: ["rw_timeout": "10000000", "live_start_index": "-1", "user_agent": "hypeclip"]
            case .udp: ["timeout": "5000000", "fifo_size": "100000", "overrun_nonfatal": "1"]
            case .srt: ["rw_timeout": "10000000", "timeout": "5000000"]
            case .rtmp: ["rw_timeout": "10000000"]
            }
        }
    }
}
