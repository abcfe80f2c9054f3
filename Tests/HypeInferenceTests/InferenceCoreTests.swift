import Foundation
import HypeInference
import Testing

@Suite
struct InferenceCoreTests {
    private let core: InferenceCore

    init() throws {
        core = try InferenceCore()
    }

    @Test
    func runsAModelWithTheShapeAskedFor() throws {
        try withTemporaryDirectory { folder in
            let model = try core.load(TinyModel.write(to: folder), inputShapes: ["x": [2, 3]])
            #expect(model.inputs == [TensorPort(name: "x", shape: [2, 3])])
            #expect(model.outputs == [TensorPort(name: "y", shape: [2, 3])])
            let values: [Float] = [-4, -1, 0, 0.5, 2, 8]
            let outputs = try model.makeRequest().run([values])
            for (input, output) in zip(values, outputs[0]) {
                #expect(abs(output - 1 / (1 + exp(-input))) < 1e-6)
            }
        }
    }

    @Test
    func inputIsWrittenAndOutputReadInPlace() throws {
        try withTemporaryDirectory { folder in
            let model = try core.load(TinyModel.write(to: folder), inputShapes: ["x": [1, 3]])
            let request = try model.makeRequest()
            for round in 0..<3 {
                request.withInput(try model.inputIndex("x")) { span in
                    for index in span.indices { span[index] = Float(round * 10 + index) }
                }
                try request.run()
                let last = request.withOutput(try model.outputIndex("y")) { $0[2] }
                #expect(abs(last - 1 / (1 + exp(-Float(round * 10 + 2)))) < 1e-6)
            }
        }
    }

    @Test
    func requestsOfOneModelDoNotShareMemory() throws {
        try withTemporaryDirectory { folder in
            let model = try core.load(TinyModel.write(to: folder), inputShapes: ["x": [1, 3]])
            let first = try model.makeRequest()
            let second = try model.makeRequest()
            let before = try first.run([[0, 0, 0]])
            _ = try second.run([[9, 9, 9]])
            #expect(before[0] == first.output(0))
        }
    }

    @Test
    func openShapeIsRefusedWithTheRemedy() throws {
        try withTemporaryDirectory { folder in
            let url = try TinyModel.write(to: folder)
            let error = try #require(throws: InferenceError.self) { try core.load(url) }
            #expect(error.code == .unsupportedPort)
            #expect(error.message.contains("fixed input shapes"))
        }
    }

    @Test
    func portOfAnotherTypeIsRefused() throws {
        try withTemporaryDirectory { folder in
            let url = try TinyModel.write(to: folder, type: "i64", precision: "I64")
            let error = try #require(throws: InferenceError.self) { try core.load(url, inputShapes: ["x": [1, 3]]) }
            #expect(error.code == .unsupportedPort)
        }
    }

    @Test
    func unknownPortNameListsTheNamesThereAre() throws {
        try withTemporaryDirectory { folder in
            let model = try core.load(TinyModel.write(to: folder), inputShapes: ["x": [1, 3]])
            let error = try #require(throws: InferenceError.self) { try model.outputIndex("x") }
            #expect(error.code == .unsupportedPort)
            #expect(error.message.contains("only: y"))
        }
    }

    @Test
    func unknownInputNameIsRefused() throws {
        try withTemporaryDirectory { folder in
            let url = try TinyModel.write(to: folder)
            let error = try #require(throws: InferenceError.self) { try core.load(url, inputShapes: ["z": [1, 3]]) }
            #expect(error.code == .unsupportedPort)
            #expect(error.message.contains("\"z\""))
        }
    }

    @Test(arguments: [[Float](), [1, 2], [1, 2, 3, 4]])
    func inputOfAnotherSizeIsRefused(values: [Float]) throws {
        try withTemporaryDirectory { folder in
            let model = try core.load(TinyModel.write(to: folder), inputShapes: ["x": [1, 3]])
            let request = try model.makeRequest()
            let error = try #require(throws: InferenceError.self) { try request.run([values]) }
            #expect(error.code == .wrongInputSize)
        }
    }

    @Test
    func missingFileIsNamed() throws {
        let url = URL(fileURLWithPath: "/nonexistent/net.onnx")
        let error = try #require(throws: InferenceError.self) { try core.load(url) }
        #expect(error.code == .modelMissing)
        #expect(error.message.contains(url.path))
    }

    @Test(arguments: ["net.onnx", "net.tflite", "net.xml"])
    func garbageIsAnErrorAndNotACrash(name: String) throws {
        try withTemporaryDirectory { folder in
            let url = folder.appendingPathComponent(name)
            try Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: url)
            let error = try #require(throws: InferenceError.self) { try core.load(url) }
            #expect(error.code == .modelUnusable)
            #expect(error.message.contains(name))
        }
    }

    @Test
    func compiledModelOutlivesItsCoreAndModelHandles() throws {
        try withTemporaryDirectory { folder in
            let url = try TinyModel.write(to: folder)
            let request = try InferenceCore().load(url, inputShapes: ["x": [1, 3]]).makeRequest()
            #expect(try request.run([[0, 0, 0]]) == [[0.5, 0.5, 0.5]])
        }
    }

    @Test
    func reportNamesRuntimeAndModels() throws {
        try withTemporaryDirectory { folder in
            let cache = folder.appendingPathComponent("cache")
            let core = try InferenceCore(settings: InferenceSettings(threads: 2, cacheDirectory: cache))
            _ = try core.load(TinyModel.write(to: folder), inputShapes: ["x": [1, 3]])
            let report = core.report
            #expect(report.version.contains("2026"))
            #expect(report.threads == 2)
            #expect(report.models.map(\.name) == ["tiny.xml"])
            #expect(report.models[0].inputs[0].shape == [1, 3])
            #expect(report.amx != .broken || report.instructionSetCap != nil)
        }
    }
}
