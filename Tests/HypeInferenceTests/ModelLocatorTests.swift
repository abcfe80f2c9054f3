import Foundation
import HypeCatalogue
import HypeInference
import Testing

@Suite
struct ModelLocatorTests {
    @Test(arguments: ModelFile.allCases)
    func missingModelNamesTheFileAndTheCommandThatBringsIt(model: ModelFile) throws {
        let locator = ModelLocator(directories: [URL(fileURLWithPath: "/nonexistent/models")])
        let error = try #require(throws: InferenceError.self) { try locator.url(of: model) }
        #expect(error.code == .modelMissing)
        #expect(error.message.contains(model.fileName))
        #expect(error.message.contains("/nonexistent/models"))
        switch model.entry.kind {
        case .wheel: #expect(error.message.contains("Scripts/bootstrap"))
        case .shipped: #expect(error.message.contains("git checkout -- Models/"))
        case .optional: #expect(error.message.contains("hypeclip models pull"))
        }
    }

    @Test
    func optionalModelsAreNotMissed() {
        let locator = ModelLocator(directories: [])
        #expect(locator.missing.contains(.sileroVAD))
        #expect(!locator.missing.contains(.yamnet))
        #expect(locator.optionalURL(of: .yamnet) == nil)
    }

    @Test
    func firstFolderWins() throws {
        try withTemporaryDirectory { root in
            let first = root.appendingPathComponent("a")
            let second = root.appendingPathComponent("b")
            for folder in [first, second] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            let name = ModelFile.sileroVAD.fileName
            try Data().write(to: second.appendingPathComponent(name))
            let locator = ModelLocator(directories: [first, second])
            #expect(try locator.url(of: .sileroVAD).path == second.appendingPathComponent(name).path)
            try Data().write(to: first.appendingPathComponent(name))
            #expect(try locator.url(of: .sileroVAD).path == first.appendingPathComponent(name).path)
            #expect(!locator.missing.contains(.sileroVAD))
            #expect(locator.missing.contains(.faceShortRange))
        }
    }
}
