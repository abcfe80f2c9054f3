import Foundation
import HypeApp
import HypeChat
import Testing

@Suite
struct ChannelMemoryTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/hypeclip-channels-\(UUID().uuidString)"
    private static let prior = SpikeDetector.BaselinePrior(uniqueUsers: 12, dispersion: 3, lines: 20, lineDispersion: 4)

    @Test
    func whatWasLearnedIsThereNextTime() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let memory = ChannelMemory(folder: folder)
        #expect(memory.recall("Streamer") == nil)
        memory.remember(.init(lag: .seconds(7), prior: Self.prior, updatedAt: Date()), of: "Streamer")
        let entry = try #require(memory.recall("streamer"))
        #expect(entry.lag == 7 && entry.prior == Self.prior)
        memory.remember(.init(lag: nil, prior: nil, updatedAt: Date()), of: "streamer")
        #expect(memory.recall("STREAMER")?.lag == 7)
        #expect(memory.recall("streamer", now: Date(timeIntervalSinceNow: 40 * 86_400))?.prior == nil)
    }

    @Test(arguments: ["../../etc/passwd", "a/b", ".", "", "名前", "a\u{0}b"])
    func noNameLeadsElsewhere(name: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let memory = ChannelMemory(folder: folder)
        memory.remember(.init(lag: .seconds(5), prior: nil, updatedAt: Date()), of: name)
        #expect(memory.recall(name)?.lag == 5)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.count == 1 && files.first?.hasSuffix(".json") == true)
    }

    @Test
    func nonsenseInTheFileIsAsIfNothingWereKnown() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let memory = ChannelMemory(folder: folder)
        let path = folder + "/streamer.json"
        try Data("{]".utf8).write(to: URL(filePath: path))
        #expect(memory.recall("streamer") == nil)
        try Data(#"{"lag":3,"users":[1],"lines":[-1,2],"updatedAt":0}"#.utf8).write(to: URL(filePath: path))
        #expect(memory.recall("streamer")?.prior == nil)
    }
}
