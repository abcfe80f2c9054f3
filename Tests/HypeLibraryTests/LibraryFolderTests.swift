import Foundation
import HypeCore
import HypeLibrary
import Testing

@Suite
struct LibraryFolderTests {
    private let folder = LibraryFolder(data: "/data/")

    @Test
    func namesHaveOneForm() throws {
        #expect(try LibraryFolder.name(session: "s-1", clip: "c_2", ending: "mp4") == "s-1/c_2.mp4")
        #expect(try LibraryFolder.name(session: nil, clip: "c", ending: "jpg") == "_/c.jpg")
        #expect(try folder.path(of: "s-1/c_2.mp4") == "/data/clips/s-1/c_2.mp4")
    }

    @Test(arguments: [
        "", "a", "a/", "/a.mp4", "../a.mp4", "a/../b.mp4", "a/b/c.mp4", "/etc/passwd", "a/.mp4", "a/b.exe", "a/b.mp4/",
        "a/b.MP4",
        "a//b.mp4", "./b.mp4", "a/b.mp4\u{0}", "a/b\n.mp4", "a\\b.mp4", "ä/b.mp4", "a/b.c.mp4", "~/b.mp4", " /b.mp4",
    ])
    func nothingElseIsAName(name: String) {
        let failure = #expect(throws: LibraryFailure.self) { try folder.path(of: name) }
        #expect(failure?.code == .name)
    }

    @Test
    func noMutationLeavesTheFolder() {
        var generator = SplitMix64(seed: 2)
        let pieces = Array("./\\~ab_-%\u{0}\n4mp".unicodeScalars)
        for _ in 0..<20_000 {
            var name = Array("s1/c1.mp4".unicodeScalars)
            for _ in 0...generator.index(below: 4) {
                name[generator.index(below: name.count)] = pieces[generator.index(below: pieces.count)]
            }
            let text = String(String.UnicodeScalarView(name))
            guard let path = try? folder.path(of: text) else { continue }
            let standard = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
            #expect(standard == path && path.hasPrefix("/data/clips/"))
        }
    }

    @Test(arguments: [
        ("", "c"), ("..", "c"), ("a/b", "c"), ("s", "../c"), ("s", ""), ("s", String(repeating: "c", count: 129)),
    ])
    func identifiersAreChecked(session: String, clip: String) {
        #expect(throws: LibraryFailure.self) { try LibraryFolder.name(session: session, clip: clip, ending: "mp4") }
    }

    @Test
    func deletionsAscendEvenIfTheClockStepsBack() {
        var identifiers = TimedIdentifier()
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        var made = (0..<70_000).map { _ in identifiers.next(at: now) }
        made.append(identifiers.next(at: now - 100))
        made.append(identifiers.next(at: now + 100))
        #expect(made == made.sorted() && Set(made).count == made.count)
        #expect(made.allSatisfy { $0.count == 24 })
    }
}
