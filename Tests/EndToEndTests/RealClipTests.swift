import Foundation
import Testing

/// Where the real recordings are.
private enum RealRecordings {
    /// The folder of the real recordings beside the repository, or nil.
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["HYPECLIP_SHARED"].map { URL(filePath: $0) }
        let shared = named ?? Command.repository.deletingLastPathComponent().appending(path: "shared")
        let folder = shared.appending(path: "data").path
        return FileManager.default.fileExists(atPath: folder + "/video/crema-d") ? folder : nil
    }()
}

/// `hypeclip predict` on real recordings, which are not part of the repository.
///
/// What is expected is what a person sees and hears in them; `docs/predict.md` shows the answers.
@Suite(.enabled(if: RealRecordings.folder != nil, "needs ../shared/data/video"), .timeLimit(.minutes(5)))
struct RealClipTests {
    private func answers(_ paths: [String], _ options: [String] = []) throws -> [[String: Any]] {
        let folder = try #require(RealRecordings.folder)
        let files = paths.map { folder + "/" + $0 }
        let result = try Command.run(Command.hypeclip, ["predict", "--json", "-q"] + options + files)
        #expect(result.status == 0, "\(result.errors)")
        let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        if let object = value as? [String: Any] { return [object] }
        return try #require(value as? [[String: Any]])
    }

    @Test
    func actorsOfCremaDHaveOneFaceAndOneVoice() throws {
        let codes = ["ANG", "DIS", "FEA", "HAP", "NEU", "SAD"]
        let answers = try answers(codes.map { "video/crema-d/1001_DFA_\($0)_XX.flv" })
        #expect(answers.count == 6)
        for answer in answers {
            #expect(answer["kind"] as? String == "video")
            #expect((answer["tracks"] as? [[String: Any]])?.count == 1)
            #expect((answer["voice"] as? [String: Any]) != nil)
            #expect(answer["fusion"] as? String == "late")
        }
        // The nets know happiness and sadness of this collection, not the rest; more is not promised.
        #expect(answers[3]["dominant_emotion"] as? String == "happy")
        let sad = try #require((answers[5]["tracks"] as? [[String: Any]])?.first)
        #expect(sad["dominant_emotion"] as? String == "sad")
    }

    @Test
    func speakersOfGridAreSeenAndHeardInEveryClip() throws {
        let answers = try answers(["bbaf2n", "brbk7n", "lbax4n", "swiz3n"].map { "video/grid/\($0).mpg" })
        for answer in answers {
            #expect((answer["tracks"] as? [[String: Any]])?.count == 1, "\(answer["file"] ?? "")")
            #expect((answer["voice"] as? [String: Any]) != nil)
            let clips = try #require(answer["clips"] as? [[String: Any]])
            #expect(clips.allSatisfy { $0["face"] is [String: Any] })
        }
    }

    @Test
    func webcamTakesAreOneFaceFromBeginningToEnd() throws {
        let answers = try answers(["video/webcam/WolfgangLanger_Pexels.mp4", "video/webcam/cap13_edit2.mp4"])
        for answer in answers {
            let main = try #require((answer["tracks"] as? [[String: Any]])?.first)
            let span = (main["end"] as? Double ?? 0) - (main["start"] as? Double ?? 0)
            #expect(span > 0.9 * (answer["duration"] as? Double ?? 1e9))
        }
        // From crying to laughing.
        let clips = try #require(answers[0]["clips"] as? [[String: Any]])
        let late = clips.filter { ($0["start"] as? Double ?? 0) >= 11 }
        #expect(late.filter { $0["dominant_emotion"] as? String == "happy" }.count >= late.count - 2)
        #expect(clips.first?["dominant_emotion"] as? String != "happy")
    }

    @Test
    func speechOfAPresidentIsAVoiceWithoutAFace() throws {
        let answer = try #require(try answers(["speech/jfk.wav"]).first)
        #expect(answer["kind"] as? String == "sound")
        #expect(((answer["voice"] as? [String: Any])?["speech_seconds"] as? Double ?? 0) > 7)
        #expect((answer["clips"] as? [[String: Any]])?.count == 6)
    }
}
