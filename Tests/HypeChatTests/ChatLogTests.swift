import Foundation
import HypeChat
import HypeCore
import Testing

private func log(_ text: String, streamStart: Duration? = nil) throws -> ChatLog {
    try ChatLog.read(Array(text.utf8), streamStart: streamStart)
}

@Suite
struct ChatLogTests {
    private static let twitchDownloader = #"""
        {"FileInfo":{"Version":{"Major":1}},"streamer":{"name":"S","id":1},"video":{"title":"a \"b\" ]}","start":0},
        "comments":[
        {"_id":"11111111-2222-3333-4444-555555555555","content_offset_seconds":12.5,
         "commenter":{"display_name":"Ann","_id":"42","name":"ann"},
         "message":{"body":"h\u00e9llo \ud83d\ude02 \"x\"","fragments":[{"text":"}","emoticon":null}],"user_notice_params":{"msg-id":null}}},
        {"_id":"b","content_offset_seconds":3,"commenter":null,
         "message":{"body":"Ann gifted a Tier 1 sub to Bob!","user_notice_params":{"msg-id":"subgift"}}},
        {"_id":"c","content_offset_seconds":20,"commenter":{"display_name":"Bob","_id":"43","name":"bob"},
         "message":{"body":"Bob gifted a Tier 1 sub to Cat! It's their first Gift Sub!","user_notice_params":{}}},
        {"_id":"d","content_offset_seconds":21,"commenter":{"display_name":"Cat","_id":"44","name":"cat"},
         "message":{"body":"123 raiders from Cat have joined!","user_notice_params":{}}},
        {"_id":"e","content_offset_seconds":22,"commenter":{"display_name":"Dan","_id":"45","name":"dan"},
         "message":{"body":"Dan subscribed with Prime. They've subscribed for 3 months!"}},
        {"_id":"f","commenter":{"display_name":"Eve","_id":"46","name":"eve"},"message":{"body":"no time"}}
        ],"embeddedData":{"firstParty":[{"data":"AAAA"}]}}
        """#

    @Test
    func readsTwitchDownloader() throws {
        let log = try log(Self.twitchDownloader)
        #expect(log.format == .twitchDownloader)
        #expect(log.clock == .recording)
        #expect(log.messages.map(\.time) == [3, 12.5, 20, 21, 22].map { MediaTime(seconds: $0) })
        #expect(
            log.messages.map(\.kind) == [
                .gift(count: 1), .message, .gift(count: 1), .raid(viewers: 123), .subscription,
            ]
        )
        #expect(log.messages[1].text == "héllo 😂 \"x\"")
        #expect(log.messages[1].userID == "42")
        #expect(log.messages[1].displayName == "Ann")
        #expect(log.messages[1].id?.description == "11111111-2222-3333-4444-555555555555")
        #expect(log.badLineCount == 1)
        #expect(log.badLines.map(\.line) == [6])
        #expect(log.badLines.map(\.reason) == ["the message has no readable time"])
    }

    @Test
    func readsChatDownloader() throws {
        let records = [
            #"{"message":"hi","author":{"id":"1","name":"ann","display_name":"Ann"},"message_type":"text_message","#
                + #""time_in_seconds":-3.25,"timestamp":1600000000000000,"message_id":"m1"}"#,
            #"{"message":null,"author":{"id":"2","name":"bob"},"message_type":"raid","number_of_viewers":77,"#
                + #""timestamp":1600000010000000}"#,
            #"{"message":"","message_type":"ban_user","target_author_id":"1","time_in_seconds":9}"#,
            #"{"message":"hi","message_type":"delete_message","target_message_id":"m1","time_in_seconds":9.5}"#,
            #"{"message_type":"room_state","time_in_seconds":9.75}"#,
        ]
        for text in ["[" + records.joined(separator: ",\n") + "]", records.joined(separator: "\r\n")] {
            let log = try log(text)
            #expect(log.format == (text.hasPrefix("[") ? .chatDownloader : .chatDownloaderLines))
            #expect(log.messages.map(\.time.seconds) == [-3.25, 6.75, 9, 9.5])
            #expect(log.messages[1].kind == .raid(viewers: 77))
            #expect(log.messages[1].displayName == "bob")
            #expect(log.messages[2].kind == .clear)
            #expect(log.messages[2].userID == "1")
            #expect(log.messages[3].kind == .deletedMessage(ChatMessageID("m1")))
            #expect(log.ignoredLineCount == 1)
            #expect(log.badLineCount == 0)
        }
    }

    @Test
    func readsRawIRC() throws {
        let text = """
            :tmi.twitch.tv CAP * ACK :twitch.tv/tags
            @display-name=A\\sB;id=x;tmi-sent-ts=1600000005000;user-id=7;room-id=1 :a!a@a PRIVMSG #c :\u{1}ACTION waves\u{1}
            @login=r;msg-id=raid;msg-param-viewerCount=55;tmi-sent-ts=1600000006000;user-id=8 :tmi.twitch.tv USERNOTICE #c
            @target-user-id=7;tmi-sent-ts=1600000007000 :tmi.twitch.tv CLEARCHAT #c :a
            @login=a;target-msg-id=x;tmi-sent-ts=1600000008000 :tmi.twitch.tv CLEARMSG #c :bye
            @room-id=1;source-room-id=2;tmi-sent-ts=1600000008000;user-id=9 :b!b@b PRIVMSG #c :other room
            @user-id=9 :b!b@b PRIVMSG #c :no time
            PING :tmi.twitch.tv
            complete nonsense

            """
        let log = try log(text, streamStart: .seconds(1_600_000_000))
        #expect(log.format == .irc)
        #expect(log.clock == .streamStart)
        #expect(log.messages.map(\.time.seconds) == [5, 6, 7, 8])
        #expect(log.messages[0].text == "waves")
        #expect(log.messages[0].displayName == "A B")
        #expect(
            log.messages.map(\.kind).dropFirst() == [
                .raid(viewers: 55), .clear, .deletedMessage(ChatMessageID("x")),
            ]
        )
        #expect(log.messages[2].userID == "7")
        #expect(log.ignoredLineCount == 3)
        #expect(log.badLines.map(\.line) == [7, 9])
        #expect(try ChatLog.read(Array(text.utf8)).clock == .firstMessage)
        #expect(try ChatLog.read(Array(text.utf8)).messages.map(\.time.seconds) == [0, 1, 2, 3])
    }

    @Test(arguments: [
        ("[2020-09-13 12:26:40] ", "[2020-09-13 12:26:43.500] "),
        ("2020-09-13T12:26:40Z ", "2020-09-13T14:26:43.5+02:00 "),
        ("1600000000000 ", "1600000003500 "), ("[23:59:58] ", "[00:00:01.5] "), ("23:59:58 < ", "00:00:01.5 < "),
    ])
    func takesTheLoggersTimeWhereTwitchsIsMissing(first: String, second: String) throws {
        let log = try log(first + ":a!a@a PRIVMSG #c :one\n" + second + ":b!b@b PRIVMSG #c :two\n")
        #expect(log.messages.map(\.time.seconds) == [0, 3.5])
        #expect(log.messages.map(\.userID) == ["a", "b"])
        #expect(log.badLineCount == 0)
    }

    @Test(arguments: [
        "time,user,text\n1.5,Ann,\"a, \"\"b\"\"\nc\"\n62,Bob,hi",
        "Time;User Name;Message\r\n00:00:01.5;Ann;\"a, \"\"b\"\"\nc\"\r\n1:02;Bob;hi\r\n",
        "message\ttime_in_seconds\tauthor\tauthor_id\n\"a, \"\"b\"\"\nc\"\t1.5\tAnn\tann\nhi\t62.0\tBob\tbob\n",
        "0:00:01.500,Ann,\"a, \"\"b\"\"\nc\"\n0:01:02,Bob,hi\n",
        "content_offset_seconds,commenter,body\n[0:00:01.5],Ann,\"a, \"\"b\"\"\nc\"\n(1:02),Bob,hi\n",
    ])
    func readsTables(text: String) throws {
        let log = try log(text)
        #expect(log.format == .csv)
        #expect(log.messages.map(\.time.seconds) == [1.5, 62])
        #expect(log.messages.map(\.text) == ["a, \"b\"\nc", "hi"])
        #expect(log.messages.map(\.userID) == ["ann", "bob"])
        #expect(log.badLineCount == 0, "\(log.badLines)")
    }

    @Test
    func countsBrokenRowsOfTables() throws {
        let text =
            "time,user,text\n1,Ann,one\nsoon,Bob,two\n3,Cat\n4,,four\n5,Dan,a, b and c\n6,Eve,\"say \"hi\" now\n7,Fay,last\n"
        let log = try log(text)
        #expect(log.messages.map(\.text) == ["one", "a, b and c", "\"say \"hi\" now", "last"])
        #expect(log.badLines.map(\.line) == [3, 4, 5])
    }

    @Test
    func goesOnAfterAnUnclosedQuotationMark() throws {
        let log = try log("time,user,text\n1,Ann,\"one\n2,Bob,two\n3,Cat,three\n")
        #expect(log.messages.map(\.text) == ["two", "three"])
        #expect(log.badLines.map(\.line) == [2])
        #expect(log.badLines.map(\.reason) == ["a quotation mark is not closed"])
    }

    @Test
    func goesOnAfterBrokenJSON() throws {
        let good = { (time: Int) in
            #"{"content_offset_seconds":\#(time),"commenter":{"_id":"\#(time)","display_name":"u"},"message":{"body":"x"}}"#
        }
        let broken =
            #"{"comments":[\#(good(1)),{"content_offset_seconds":2,"comm,\#(good(3)),{]},\#(good(4)),nonsense,\#(good(5))"#
        let log = try log(broken)
        #expect(log.messages.map(\.time.seconds).suffix(2) == [4, 5])
        #expect(log.messages.first?.time.seconds == 1)
        #expect(log.badLineCount >= 3)
    }

    @Test
    func goesOnAfterBrokenLines() throws {
        let good = #"{"time_in_seconds":1,"author":{"id":"1","name":"a"},"message":"x"}"#
        let log = try log("\(good)\n{\"time_in_seconds\":\n[]\n\n\(good) trailing\n\(good)")
        #expect(log.messages.count == 2)
        #expect(log.badLines.map(\.line) == [2, 3, 5])
    }

    @Test
    func leavesOutRepeatedMessages() throws {
        let line = #"{"time_in_seconds":1,"author":{"id":"1","name":"a"},"message":"x","message_id":"same"}"#
        let other = #"{"time_in_seconds":1,"author":{"id":"1","name":"a"},"message":"x","message_id":"other"}"#
        let log = try log([line, other, line].joined(separator: "\n"))
        #expect(log.messages.count == 2)
        #expect(log.ignoredLineCount == 1)
    }

    @Test
    func readsByteOrderMarksAndUTF16() throws {
        let text = "time,user,text\r\n1,Ann,grüße 😀\r\n"
        let utf8: [UInt8] = [0xef, 0xbb, 0xbf] + Array(text.utf8)
        var little: [UInt8] = [0xff, 0xfe]
        var big: [UInt8] = [0xfe, 0xff]
        for unit in text.utf16 {
            little += [UInt8(unit & 0xff), UInt8(unit >> 8)]
            big += [UInt8(unit >> 8), UInt8(unit & 0xff)]
        }
        for bytes in [utf8, little, big] {
            #expect(try ChatLog.read(bytes).messages.map(\.text) == ["grüße 😀"])
        }
    }

    @Test(arguments: [
        ("", ChatError.Code.empty), ("   \n", .unknownFormat), ("hello world", .unknownFormat),
        ("{\"a\":1}", .unknownFormat), ("\u{1}\u{2}", .unknownFormat), ("{\"comments\":[]}", .noMessages),
        ("[]", .noMessages), ("time,user,text\n", .noMessages), ("{\"comments\":[{}]}", .noMessages),
        ("{\"video\":{},\"comments\":3}", .noMessages),
    ])
    func saysWhyThereIsNoChat(text: String, code: ChatError.Code) {
        #expect {
            try ChatLog.read(Array(text.utf8))
        } throws: { error in
            let error = error as? ChatError
            return error?.code == code && error?.message.isEmpty == false
        }
    }

    @Test
    func gzipIsRecognised() {
        #expect {
            try ChatLog.read([0x1f, 0x8b, 8, 0, 0])
        } throws: {
            ($0 as? ChatError)?.message.contains("gunzip") == true
        }
    }

    @Test
    func filesThatCannotBeReadAreErrorsWithARemedy() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chat-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, code) in [(folder.path, ChatError.Code.unreadable), (folder.path + "/none", .notFound)] {
            #expect {
                try ChatLog.read(contentsOf: path)
            } throws: {
                ($0 as? ChatError)?.code == code
            }
        }
        let file = folder.appendingPathComponent("log.txt")
        try Data(Self.twitchDownloader.utf8).write(to: file)
        #expect(try ChatLog.read(contentsOf: file.path).messages.count == 5)
    }

    @Test(arguments: ChatLogFormat.allCases)
    func filesLargerThanTheBufferAreReadWhole(format: ChatLogFormat) throws {
        let messages = (0..<6000).map { index in
            ChatMessage(
                time: MediaTime(seconds: Double(index) / 4),
                userID: String(index % 900 + 1000),
                displayName: "user\(index % 900)",
                text: "message \(index) \"quoted\", with, commas and ünïcode "
                    + String(repeating: "x", count: index % 90),
                id: ChatMessageID(high: UInt64(index), low: 1)
            )
        }
        let bytes = ChatLogWriter(format).write(messages)
        #expect(bytes.count > 600_000)
        let log = try ChatLog.read(bytes, streamStart: .seconds(1_700_000_000))
        #expect(log.badLineCount == 0, "\(log.badLines)")
        #expect(log.messages == messages)
    }

    @Test
    func saysWhenALogBelongsToAnotherStream() throws {
        let messages = (0..<100).map {
            ChatMessage(time: MediaTime(seconds: Double($0) * 60), userID: "u", displayName: "u", text: "x")
        }
        let log = ChatLog(messages: messages)
        #expect(log.mismatch(with: MediaInterval(seconds: 0..<6000)) == nil)
        let half = try #require(log.mismatch(with: MediaInterval(seconds: 0..<3000)))
        #expect(half.inside == 50)
        #expect(half.outside == 50)
        #expect(half.covered == .seconds(3000))
        #expect(!half.isOtherStream)
        let other = try #require(log.mismatch(with: MediaInterval(seconds: 90_000..<96_000)))
        #expect(other.isOtherStream)
        #expect(other.explanation.contains("another stream"))
    }
}
