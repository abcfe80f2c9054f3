/// The answer to `connect` (specification 1.0, section 7.2.1.1; enhanced RTMP v2, “Enhancing NetConnection connect”).
enum ConnectReply {
    /// The video codecs that are taken besides H.264 in the old form.
    private static let videoCodes = ["avc1", "hvc1", "av01", "vp09", "vp08"]
    private static let audioCodes = ["mp4a", "Opus", "fLaC", "ac-3", "ec-3", ".mp3"]
    /// “Can forward” of the enhanced specification; nothing is decoded here.
    private static let canForward = 4.0
    /// The extensions that are understood: modifiers of packets (4).
    private static let extensions = 4.0

    /// The application's name: what stands before parameters, without slashes at the ends.
    static func app(of command: CommandMessage) -> String {
        let text = command.values.first?[name: "app"]?.text ?? ""
        let path = text.prefix { $0 != "?" }
        return path.split(separator: "/").joined(separator: "/")
    }

    /// The whole answer; what enhanced RTMP adds is only said to those that asked for it.
    static func command(for command: CommandMessage) -> CommandMessage {
        var server: [AMF0Value.Property] = [
            .init("fmsVer", .string("FMS/3,0,1,123")), .init("capabilities", .number(31)),
        ]
        let asked = Set(command.values.first?.properties.map(\.name) ?? [])
        if asked.contains("fourCcList") {
            server.append(.init("fourCcList", .array((videoCodes + audioCodes).map { .string($0) })))
        }
        if !asked.isDisjoint(with: ["videoFourCcInfoMap", "audioFourCcInfoMap", "capsEx"]) {
            server.append(.init("videoFourCcInfoMap", map(videoCodes)))
            server.append(.init("audioFourCcInfoMap", map(audioCodes)))
            server.append(.init("capsEx", .number(extensions)))
        }
        let information: [AMF0Value.Property] = [
            .init("level", .string("status")), .init("code", .string("NetConnection.Connect.Success")),
            .init("description", .string("Connected.")), .init("objectEncoding", .number(0)),
        ]
        return CommandMessage("_result", transaction: command.transaction, .object(server), .object(information))
    }

    private static func map(_ codes: [String]) -> AMF0Value {
        .object(codes.map { .init($0, .number(canForward)) })
    }
}
