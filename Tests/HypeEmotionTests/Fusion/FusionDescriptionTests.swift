import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

@Suite(.enabled(if: FusionTestModels.isThere, "needs Models/fusion-early.onnx"))
struct FusionDescriptionTests {
    private static let files = [
        "fusion-early.onnx", "fusion.json", "face-expression.onnx", "face-expression.json", "voice-emotion.onnx",
        "voice-emotion.json",
    ]

    /// Runs a body with the shipped files in a folder of their own, where they may be changed.
    private static func withFiles<Value>(_ body: (URL, ModelLocator) throws -> Value) throws -> Value {
        try FaceTestModels.inTemporaryFolder { folder in
            for file in files {
                let source = FaceTestModels.repository.appending(path: "Models/\(file)")
                try FileManager.default.copyItem(at: source.resolvingSymlinksInPath(), to: folder.appending(path: file))
            }
            return try body(folder, ModelLocator(directories: [folder]))
        }
    }

    @Test
    func theShippedFusionBelongsToTheShippedNets() throws {
        let description = try FusionTestModels.shipped.get().description
        #expect(description.nets.map(\.name) == ["face-expression", "voice-emotion"])
        #expect(description.early.face == 160 && description.early.voice == 384)
        let late = try #require(description.late[.both])
        #expect(late.shares.face > 0.2 && late.shares.voice > 0.2, "neither branch is for show")
    }

    @Test
    func withoutItsFilesTheRemedyIsNamed() throws {
        let missing = try #require(throws: InferenceError.self) {
            try FusionDescription(models: ModelLocator(directories: []))
        }
        #expect(missing.code == .modelMissing)
        #expect(missing.message.contains("git checkout -- Models/fusion-early.onnx Models/fusion.json"))
        try Self.withFiles { folder, models in
            try FileManager.default.removeItem(at: folder.appending(path: "fusion.json"))
            let undescribed = try #require(throws: InferenceError.self) { try FusionDescription(models: models) }
            #expect(undescribed.code == .modelUnusable)
        }
    }

    @Test(arguments: [
        (#""temperature": "#, #""temperature": -"#), (#""face": 1.0"#, #""face": 0.9"#), (#""both""#, #""neither""#),
        (#""threshold": 0"#, #""threshold": 7"#),
    ])
    func numbersThatMakeNoSenseAreRefused(wanted: String, replacement: String) throws {
        try Self.withFiles { folder, models in
            let url = folder.appending(path: "fusion.json")
            let text = try String(contentsOf: url, encoding: .utf8)
            let changed = text.replacing(wanted, with: replacement)
            try #require(changed != text, "the file holds \(wanted)")
            try Data(changed.utf8).write(to: url)
            let error = try #require(throws: InferenceError.self) { try FusionDescription(models: models) }
            #expect(error.code == .modelUnusable)
            #expect(error.message.contains("git checkout"))
        }
    }

    @Test
    func damagedFilesAreReadOrRefused() throws {
        try Self.withFiles { folder, models in
            let url = folder.appending(path: "fusion.json")
            let bytes = try Data(contentsOf: url)
            var source = ReadingSource(seed: 31)
            var refused = 0
            for _ in 0..<300 {
                var damaged = bytes
                for _ in 0..<3 {
                    let place = Int((source.next() + 1) / 2 * Double(bytes.count - 1))
                    damaged[damaged.startIndex + place] = UInt8(truncatingIfNeeded: Int(source.next() * 128))
                }
                try damaged.write(to: url)
                do {
                    let late = LateFusion(try FusionDescription(models: models))
                    let face = BranchReading(scores: EmotionScores([.happy: 0.8, .sad: 0.2]), threshold: 0)
                    let fused = try #require(try late.fuse(face: face, voice: face))
                    #expect(abs(fused.scores.basicSum - 1) < 1e-4)
                } catch let error as InferenceError {
                    #expect(error.code == .modelUnusable)
                    refused += 1
                }
            }
            #expect(refused > 100)
        }
    }

    @Test
    func aHeadForOtherNetsIsRefusedAndLateFusionIsNot() throws {
        try Self.withFiles { folder, models in
            let url = folder.appending(path: "voice-emotion.json")
            let sidecar = try Sidecar(beside: folder.appending(path: "voice-emotion.onnx"))
            let text = try String(contentsOf: url, encoding: .utf8)
            try Data(text.replacing(sidecar.sha256, with: String(repeating: "0", count: 64)).utf8).write(to: url)
            let fusion = try FusionModels(core: FaceTestModels.core.get(), models: models)
            let error = try #require(throws: EmotionError.self) { try fusion.makeEarly() }
            #expect(error.code == .unsuitableModel)
            #expect(error.message.contains("voice-emotion"))
            let reading = BranchReading(scores: EmotionScores([.happy: 1]), threshold: 0.4)
            #expect(try fusion.late.fuse(face: reading, voice: nil)?.scores.dominant == .happy)
        }
    }
}
