import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// A tiny network as the exporter writes it, against PyTorch's numbers.
@Suite
struct VideoMAEModelTests {
    @Test(arguments: [1, 2, 3])
    func answersAreThoseOfTheReference(batch: Int) throws {
        let answers = try VideoParity.load().tiny.answers
        let model = try VideoParity.model(batch: batch)
        #expect(model.batch == batch)
        let clips = try answers.map { try $0.clip(side: 32) }
        var done: [Int] = []
        let predictions = try model.predictions(of: clips + clips + [clips[1]]) { done.append($0) }
        #expect(predictions.count == 5)
        #expect(done.last == 5)
        #expect(done.count == (5 + batch - 1) / batch)
        for (prediction, answer) in zip(predictions, answers + answers + [answers[1]]) {
            for (found, wanted) in zip(prediction.probabilities, answer.probabilities) {
                #expect(abs(found - wanted) <= 1e-5)
            }
            for (found, wanted) in zip(prediction.embedding, answer.embedding) { #expect(abs(found - wanted) <= 1e-4) }
            #expect(prediction.probabilities.count == 7)
            #expect(prediction.embedding.count == 16)
            #expect(!prediction.isSure)
        }
    }

    @Test
    func topAnswersAreSortedAndNamed() throws {
        let answer = try VideoParity.load().tiny.answers[1]
        let prediction = try VideoParity.model().predictions(of: [answer.clip(side: 32)])[0]
        let top = prediction.top(3)
        #expect(top.map(\.label) == ["surprise", "neutral", "happy"])
        #expect(abs(top[0].probability - 0.2651368) <= 1e-5)
        #expect(prediction.top(99).count == 7)
        #expect(prediction.top(-1).isEmpty)
    }

    @Test
    func anEmotionHeadAnswersEmotionsByItsLabels() throws {
        let answer = try VideoParity.load().tiny.answers[0]
        let labels = ["surprised", "HAP", "sad", "calm", "neutral", "fear", "anger"]
        let model = try VideoParity.model { said in
            said["labels"] = labels
            said["threshold"] = 0.2
        }
        let prediction = try model.predictions(of: [answer.clip(side: 32)])[0]
        let emotion = try #require(prediction.emotion)
        let wanted: [Emotion] = [.surprise, .happy, .sad, .calm, .neutral, .fear, .angry]
        for (emotionName, probability) in zip(wanted, answer.probabilities) {
            #expect(abs(emotion[emotionName] - probability) <= 1e-5)
        }
        #expect(emotion[.disgust] == 0)
        #expect(prediction.isSure)
    }

    @Test
    func anActionHeadAnswersNoEmotion() throws {
        let answer = try VideoParity.load().tiny.answers[0]
        let model = try VideoParity.model { said in
            said["head"] = "actions"
            said["labels"] = (0..<7).map { "doing \($0)" }
        }
        let prediction = try model.predictions(of: [answer.clip(side: 32)])[0]
        #expect(prediction.emotion == nil)
        #expect(prediction.top(1).map(\.label) == ["doing 0"])
    }

    @Test
    func aMissingModelNamesTheCommandsThatBringIt() throws {
        let locator = ModelLocator(directories: [URL(filePath: "/nonexistent/models")])
        let commands: [(ModelFile, String)] = [
            (.videoMAESmall, "Training/run videomae export CHECKPOINT --name videomae-small-k400"),
            (.videoMAEBase, "hypeclip models pull videomae-base-k400 --from Training/runs/videomae"),
            (.videoMAELarge, "hypeclip models pull videomae-large-k400 --from Training/runs/videomae"),
            (.videoMAEEmotion, "Training/run videomae fine-tune"),
        ]
        for (model, command) in commands {
            let error = try #require(throws: InferenceError.self) {
                try VideoMAEModel(model, from: locator, core: FaceTestModels.core.get())
            }
            #expect(error.code == .modelMissing)
            #expect(error.message.contains(command))
        }
        let error = try #require(throws: InferenceError.self) {
            try VideoMAEModel(file: URL(filePath: "/nonexistent/x.onnx"), core: FaceTestModels.core.get())
        }
        #expect(error.code == .modelMissing)
    }

    @Test
    func aModelOfTheCatalogueIsFoundByItsName() throws {
        try FaceTestModels.inTemporaryFolder { folder in
            _ = try VideoParity.write(to: folder)
            let model = try VideoMAEModel(
                .videoMAEEmotion,
                from: ModelLocator(directories: [folder]),
                core: FaceTestModels.core.get()
            )
            #expect(model.description.name == "videomae-emotion")
            #expect(model.description.sha256.count == 64)
        }
    }

    @Test(
        arguments: [
            ["labels": ["angry", "sad"]], ["frames": 8], ["side": 48], ["name": "pixels"],
        ] as [[String: any Sendable]]
    )
    func anotherNetThanTheDescribedOneIsRefused(change: [String: any Sendable]) throws {
        let error = try #require(throws: EmotionError.self) {
            try VideoParity.model { said in
                for (key, value) in change {
                    if key == "labels" {
                        said[key] = value
                    } else if var input = said["input"] as? [String: Any] {
                        input[key] = value
                        said["input"] = input
                    }
                }
            }
        }
        #expect(error.code == .unsuitableModel)
        #expect(error.message.contains("Training/run videomae export"))
    }

    @Test
    func aNetWithoutTheEmbeddingIsRefused() throws {
        let error = try #require(throws: EmotionError.self) {
            try FaceTestModels.inTemporaryFolder { folder in
                let file = try VideoParity.write(to: folder, outputs: [("logits", [-1, 7])])
                return try VideoMAEModel(file: file, core: FaceTestModels.core.get())
            }
        }
        #expect(error.code == .unsuitableModel)
        #expect(error.message.contains("embedding"))
    }

    @Test
    func aNetOfAnotherKindOrGarbageIsRefused() throws {
        try FaceTestModels.inTemporaryFolder { folder in
            let file = try VideoParity.write(to: folder)
            try Data("garbage".utf8).write(to: file)
            let error = try #require(throws: InferenceError.self) {
                try VideoMAEModel(file: file, core: FaceTestModels.core.get())
            }
            #expect(error.code == .modelUnusable)
            let other = try TinyExpressionModel.write(to: folder)
            let said = folder.appending(path: "videomae-emotion.json")
            try FileManager.default.copyItem(at: said, to: folder.appending(path: "tiny.json"))
            let unsuitable = try #require(throws: EmotionError.self) {
                try VideoMAEModel(file: other, core: FaceTestModels.core.get())
            }
            #expect(unsuitable.code == .unsuitableModel)
        }
    }

    @Test
    func aClipOfAnotherSizeIsRefused() throws {
        let model = try VideoParity.model()
        let clip = try VideoParity.load().tiny.answers[0].clip(side: 32)
        for wrong in [Array(clip.dropLast()), clip + clip, try VideoParity.load().tiny.answers[0].clip(side: 16), []] {
            let error = try #require(throws: InferenceError.self) { try model.predictions(of: [clip, wrong]) }
            #expect(error.code == .wrongInputSize)
        }
        #expect(try model.predictions(of: []).isEmpty)
    }

    @Test
    func whatProgressThrowsEndsTheWork() throws {
        let model = try VideoParity.model()
        let clip = try VideoParity.load().tiny.answers[0].clip(side: 32)
        var rounds = 0
        #expect(throws: CancellationError.self) {
            try model.predictions(of: [clip, clip, clip]) { _ in
                rounds += 1
                if rounds == 2 { throw CancellationError() }
            }
        }
        #expect(rounds == 2)
    }
}
