import Foundation
import HypeApp
import Testing

struct MediaFolderTests {
    private func folder(_ files: [String]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "folder-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in files {
            let url = folder.appending(path: file)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("x".utf8).write(to: url)
        }
        return folder.path
    }

    @Test
    func mediaFilesOfAllFoldersInsideComeInOrder() throws {
        let path = try folder(["b.WAV", "a/z.mp4", "a/notes.txt", ".hidden/c.png", "a/.d.png", "c.jpeg"])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let found = try MediaFolder.files(in: [path])
        #expect(found.map { $0.dropFirst(path.count + 1) } == ["a/z.mp4", "b.WAV", "c.jpeg"])
    }

    @Test
    func filesAreKeptWhateverTheyAreCalled() throws {
        let path = try folder(["odd.xyz"])
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(try MediaFolder.files(in: [path + "/odd.xyz", "lost.wav"]) == [path + "/odd.xyz", "lost.wav"])
        let empty = #expect(throws: AppFailure.self) { try MediaFolder.files(in: [path]) }
        #expect(empty?.code == .unreadableInput)
    }
}
