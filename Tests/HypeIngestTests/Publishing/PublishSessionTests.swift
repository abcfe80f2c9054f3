import HypeIngest
import NIOCore
import Testing

struct PublishSessionTests {
    private func command(_ name: String, _ transaction: Double, _ values: AMF0Value...) -> RTMPMessage {
        var payload = ByteBuffer()
        payload.writeAMF0(.string(name), .number(transaction))
        for value in values { payload.writeAMF0(value) }
        return RTMPMessage(type: 20, payload: payload)
    }

    private func connect(_ properties: AMF0Value.Property...) -> RTMPMessage {
        command("connect", 1, .object([.init("app", .string("live"))] + properties))
    }

    /// The commands among the actions, with their names and what follows them.
    private func commands(_ actions: [PublishSession.Action]) throws -> [CommandMessage] {
        try actions.compactMap { action in
            guard case .send(let message, _) = action else { return nil }
            return try CommandMessage(message)
        }
    }

    private func accepted() throws -> PublishSession {
        var session = PublishSession()
        _ = try session.receive(connect())
        _ = try session.receive(command("createStream", 4, .null))
        _ = try session.receive(command("publish", 5, .null, .string("KEY"), .string("live")))
        _ = session.answer(.accepted)
        return session
    }

    @Test func goesThroughFFmpegsConversation() throws {
        var session = PublishSession()
        let first = try session.receive(connect(.init("flashVer", .string("FMLE/3.0 (compatible; Lavf59)"))))
        let window = RTMPMessage(type: 5, payload: bytes("004c4b40"))
        let bandwidth = RTMPMessage(type: 6, payload: bytes("004c4b4002"))
        let size = RTMPMessage(type: 1, payload: bytes("00010000"))
        let agreed = [window, bandwidth, size].map { PublishSession.Action.send($0, chunkStream: 2) }
        #expect(Array(first.prefix(3)) == agreed)
        let result = try #require(try commands(first).first)
        #expect(result.name == "_result")
        #expect(result.transaction == 1)
        #expect(result.argument(0)?[name: "code"]?.text == "NetConnection.Connect.Success")

        _ = try session.receive(command("releaseStream", 2, .null, .string("KEY")))
        _ = try session.receive(command("FCPublish", 3, .null, .string("KEY")))
        let created = try commands(session.receive(command("createStream", 4, .null)))
        #expect(created == [CommandMessage("_result", transaction: 4, .null, .number(1))])

        let asked = try session.receive(command("publish", 5, .null, .string("KEY?a=b"), .string("live")))
        let request = PublishRequest(app: "live", key: StreamKey("KEY"), encoder: "FMLE/3.0 (compatible; Lavf59)")
        #expect(asked == [.ask(request)])
        #expect(!session.isPublishing)

        let accepted = session.answer(.accepted)
        #expect(accepted.first == .send(ControlMessage.streamBegin(1).message, chunkStream: 2))
        let status = try #require(try commands(accepted).first)
        #expect(status.name == "onStatus")
        #expect(status.argument(0)?[name: "code"]?.text == "NetStream.Publish.Start")
        #expect(session.isPublishing)
    }

    @Test func tellsWhyAKeyIsRefusedAndCloses() throws {
        var session = PublishSession()
        _ = try session.receive(connect())
        _ = try session.receive(command("publish", 5, .null, .string("KEY"), .string("live")))
        let actions = session.answer(.refused("The stream key is wrong."))
        let status = try #require(try commands(actions).first)
        #expect(status.argument(0)?[name: "level"]?.text == "error")
        #expect(status.argument(0)?[name: "code"]?.text == "NetStream.Publish.BadName")
        #expect(status.argument(0)?[name: "description"]?.text == "The stream key is wrong.")
        #expect(actions.last == .close)
        #expect(session.answer(.accepted).isEmpty)
        #expect(!session.isPublishing)
    }

    @Test func keepsMediaBackUntilTheKeyIsAccepted() throws {
        let video = RTMPMessage(type: 9, streamID: 1, timestamp: 40, payload: bytes("17 01 000000 aa"))
        var session = PublishSession()
        _ = try session.receive(connect())
        #expect(try session.receive(video).isEmpty)
        _ = try session.receive(command("publish", 5, .null, .string("KEY"), .string("live")))
        #expect(try session.receive(video).isEmpty)
        _ = session.answer(.accepted)
        #expect(try session.receive(video) == [.media(isVideo: true, timestamp: 40, body: video.payload)])
    }

    @Test func handsOutMetadata() throws {
        var session = try accepted()
        var payload = ByteBuffer()
        let facts = AMF0Value.ecmaArray([.init("width", .number(1280))])
        payload.writeAMF0(.string("@setDataFrame"), .string("onMetaData"), facts)
        #expect(try session.receive(RTMPMessage(type: 18, payload: payload)) == [.metadata(facts)])
        // In AMF3's envelope, and broken.
        let wrapped = ByteBuffer.joined([bytes("00"), payload])
        #expect(try session.receive(RTMPMessage(type: 15, payload: wrapped)) == [.metadata(facts)])
        #expect(try session.receive(RTMPMessage(type: 18, payload: bytes("11 22"))).isEmpty)
    }

    @Test func takesAggregatesApart() throws {
        var session = try accepted()
        let tags = bytes(
            "08 000003 0003e8 00 000000 af01aa 0000000e 09 000006 0003fc 00 000000 1701000000bb 00000011"
        )
        let actions = try session.receive(RTMPMessage(type: 22, timestamp: 5000, payload: tags))
        #expect(
            actions == [
                .media(isVideo: false, timestamp: 5000, body: bytes("af01aa")),
                .media(isVideo: true, timestamp: 5020, body: bytes("1701000000bb")),
            ]
        )
    }

    @Test func answersPingsAndAcknowledges() throws {
        var session = try accepted()
        let ping = ControlMessage.pingRequest(77).message
        #expect(try session.receive(ping) == [.send(ControlMessage.pingResponse(77).message, chunkStream: 2)])
        _ = try session.receive(ControlMessage.windowAcknowledgementSize(1000).message)
        #expect(session.noteReceived(999).isEmpty)
        let expected = PublishSession.Action.send(ControlMessage.acknowledgement(1001).message, chunkStream: 2)
        #expect(session.noteReceived(1001) == [expected])
        #expect(session.noteReceived(1500).isEmpty)
        let wrapped = PublishSession.Action.send(ControlMessage.acknowledgement(5).message, chunkStream: 2)
        #expect(session.noteReceived(0x1_0000_0005) == [wrapped])
    }

    @Test(arguments: ["FCUnpublish", "deleteStream", "closeStream"])
    func noticesTheEndAndMayBeginAgain(name: String) throws {
        var session = try accepted()
        #expect(try session.receive(command(name, 6, .null, .number(1))) == [.finish])
        #expect(try session.receive(command("deleteStream", 7, .null, .number(1))).isEmpty)
        let again = try session.receive(command("publish", 8, .null, .string("KEY"), .string("live")))
        #expect(again == [.ask(PublishRequest(app: "live", key: StreamKey("KEY"), encoder: nil))])
    }

    @Test func offersEnhancedCodecsOnlyToThoseWhoAsk() throws {
        var plain = PublishSession()
        let old = try #require(try commands(plain.receive(connect())).first)
        #expect(old.values.first?[name: "fourCcList"] == nil)
        var enhanced = PublishSession()
        let asking = connect(.init("fourCcList", .array([.string("hvc1")])), .init("capsEx", .number(15)))
        let new = try #require(try commands(enhanced.receive(asking)).first)
        guard case .array(let codes) = new.values.first?[name: "fourCcList"] else {
            Issue.record("no list of codecs")
            return
        }
        #expect(codes.contains(.string("hvc1")))
        #expect(new.values.first?[name: "videoFourCcInfoMap"]?[name: "av01"] == .number(4))
        #expect(new.values.first?[name: "capsEx"] == .number(4))
    }

    @Test(arguments: [("live/", "live"), ("/a/b?x=1", "a/b"), ("", "")])
    func readsTheApplicationsName(text: String, app: String) throws {
        var session = PublishSession()
        _ = try session.receive(command("connect", 1, .object([.init("app", .string(text))])))
        let asked = try session.receive(command("publish", 5, .null, .string("KEY")))
        #expect(asked == [.ask(PublishRequest(app: app, key: StreamKey("KEY"), encoder: nil))])
    }

    @Test func refusesCommandsOutOfTurn() throws {
        var session = PublishSession()
        #expect(throws: RTMPFault.unexpectedCommand("publish")) {
            try session.receive(command("publish", 5, .null, .string("KEY")))
        }
        _ = try session.receive(connect())
        #expect(throws: RTMPFault.unexpectedCommand("connect")) { try session.receive(connect()) }
        for number in 0..<8 { _ = try session.receive(command("createStream", Double(number), .null)) }
        #expect(throws: RTMPFault.streams(limit: 8)) { try session.receive(command("createStream", 9, .null)) }
    }

    @Test func playsNothing() throws {
        var session = PublishSession()
        _ = try session.receive(connect())
        let actions = try session.receive(command("play", 3, .null, .string("KEY")))
        #expect(try commands(actions).first?.argument(0)?[name: "code"]?.text == "NetStream.Play.Failed")
        #expect(actions.last == .close)
    }

    @Test(arguments: 0..<8)
    func survivesDamagedCommands(seed: UInt64) {
        var mutation = Mutation(seed: seed)
        let sound = [
            connect(), command("createStream", 2, .null), command("publish", 3, .null, .string("KEY"), .string("live")),
            ControlMessage.pingRequest(1).message,
            RTMPMessage(type: 22, payload: bytes("08 000001 000000 00 000000 aa")),
        ]
        for round in 0..<600 {
            var session = PublishSession()
            for message in sound {
                var damaged = message
                if (round + Int(message.type)) % 3 == 0 { damaged.payload = mutation.damage(message.payload) }
                guard let actions = try? session.receive(damaged) else { break }
                #expect(actions.count < 16)
                for case .ask in actions { _ = session.answer(round % 2 == 0 ? .accepted : .refused("no")) }
            }
        }
    }
}
