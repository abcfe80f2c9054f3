import Foundation
import HypeCatalogue
import Testing

@Suite
struct ModelCatalogueTests {
    @Test
    func namesAndFilesAreUnique() {
        let ids = ModelCatalogue.entries.map(\.id)
        #expect(Set(ids).count == ids.count)
        let files = ModelCatalogue.entries.flatMap(\.files).flatMap(\.names)
        #expect(Set(files).count == files.count)
    }

    @Test(arguments: ModelCatalogue.entries)
    func everyEntrySaysWhatAPersonWantsToKnow(entry: CatalogueEntry) {
        #expect(!entry.files.isEmpty)
        for text in [entry.licence, entry.purpose, entry.absence, entry.remedy] { #expect(!text.isEmpty) }
        #expect((entry.version == nil) == (entry.kind == .shipped || entry.preparation != nil))
        #expect(entry.kind != .optional || entry.use != .required)
        #expect(ModelCatalogue.entry(entry.id) == entry)
    }

    @Test(arguments: ModelCatalogue.entries)
    func everyPinIsWellFormed(entry: CatalogueEntry) throws {
        for file in entry.files {
            guard case .pinned(let facts) = file.check else {
                #expect(entry.kind == .shipped || entry.preparation != nil)
                continue
            }
            #expect(facts.bytes > 0)
            #expect(facts.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        }
    }

    @Test(arguments: ModelCatalogue.entries.filter { $0.kind == .optional && $0.preparation == nil })
    func optionalModelsComeFromPinnedHTTPSAddresses(entry: CatalogueEntry) throws {
        for file in entry.files {
            let address = try #require(file.address.flatMap(URL.init(string:)))
            #expect(address.scheme == "https")
            #expect(["raw.githubusercontent.com", "github.com"].contains(address.host() ?? ""))
            // A branch moves; a commit or a release does not.
            let path = address.path()
            #expect(path.contains(/\/[0-9a-f]{40}\//) || path.contains("/releases/download/"))
        }
    }

    @Test
    func shippedAndWheelModelsAreNotFetchedFromTheNetwork() {
        for entry in ModelCatalogue.entries where entry.kind != .optional {
            #expect(entry.files.allSatisfy { $0.address == nil })
        }
    }

    @Test(arguments: ["videomae-small-k400", "videomae-base-k400", "videomae-large-k400", "videomae-emotion"])
    func modelsThatTheUserPreparesNameBothCommands(id: String) throws {
        let entry = try #require(ModelCatalogue.entry(id))
        #expect(entry.kind == .optional)
        #expect(entry.use == .extra)
        #expect(entry.files.map(\.name) == ["\(id).onnx"])
        #expect(entry.files.allSatisfy { $0.address == nil })
        #expect(entry.remedy.hasPrefix("Training/run videomae "))
        #expect(entry.remedy.hasSuffix(" && hypeclip models pull \(id) --from Training/runs/videomae"))
    }
}
