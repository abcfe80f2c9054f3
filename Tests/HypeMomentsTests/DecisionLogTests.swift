import Foundation
import HypeCore
import HypeMoments
import Testing

struct DecisionLogTests {
    /// Runs a logged rule over a random stream, as a live session would.
    static func log(seed: UInt64) throws -> DecisionLog {
        let stream = RandomStream(seed: seed, seconds: 180)
        var rule = LoggedRule(settings: stream.settings)
        var log = DecisionLog(settings: stream.settings)
        for (index, observation) in stream.observations.enumerated() {
            _ = rule.ingest(observation)
            if index == 100 { rule.setChatLag(.milliseconds(2_500)) }
            if index % 50 == 0 { _ = rule.advance(to: observation.interval.end + .milliseconds(300)) }
            log.entries += rule.takeEntries()
        }
        _ = rule.finish(at: stream.end)
        log.entries += rule.takeEntries()
        return log
    }

    @Test("Replays to the same decisions, also after being stored", arguments: 0..<30)
    func replays(seed: UInt64) throws {
        let log = try Self.log(seed: seed)
        #expect(log.actions.contains { $0.final != nil })
        #expect(log.replay() == log.actions)
        let read = try DecisionLog(data: log.data())
        #expect(read == log)
        #expect(read.replay() == log.actions)
    }

    @Test func keepsEvidenceThatJSONHasNoNumberFor() throws {
        let evidence = VoiceEvidence(arousal: 0.5, loudness: -.infinity, loudnessGain: 0, speechFraction: 0)
        let observation = Observation(kind: .voice, interval: span(0, 1), score: 0.2, evidence: .voice(evidence))
        let log = DecisionLog(settings: MomentSettings(), entries: [.observation(observation)])
        #expect(try DecisionLog(data: log.data()) == log)
    }

    @Test func writesOneReadableLinePerEntry() throws {
        let log = DecisionLog(settings: MomentSettings(), entries: [.advance(time(1.5)), .chatLag(.seconds(6))])
        let lines = try #require(String(data: log.data(), encoding: .utf8)).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].contains(#""format":"hypeclip-decisions""#))
        #expect(lines[1] == #"{"advance":1.5}"#)
        #expect(lines[2] == #"{"chatLag":6}"#)
    }

    @Test(
        "Names what cannot be read",
        arguments: [
            ("", "empty"),
            ("{}", "Line 1"),
            (#"{"format":"hypeclip-decisions","settings":{},"version":1}"# + "\n" + #"{"nothing":1}"#, "Line 2"),
            (#"{"format":"hypeclip-decisions","settings":{},"version":9}"#, "version 9"),
            (#"{"format":"other","settings":{},"version":1}"#, "other"),
        ]
    )
    func namesWhatCannotBeRead(text: String, part: String) {
        let error = #expect(throws: MomentError.self) { try DecisionLog(data: Data(text.utf8)) }
        #expect(error?.code == .log)
        #expect(error?.message.contains(part) == true)
    }
}
