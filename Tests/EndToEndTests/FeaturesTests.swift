import Foundation
import Testing

/// `hypeclip features`, as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct FeaturesTests {
    private func run(_ arguments: [String]) throws -> CommandResult {
        try Command.run(Command.hypeclip, ["features"] + arguments)
    }

    private func tone(_ scratch: Scratch, _ name: String = "tone.wav", seconds: Double = 2) throws -> String {
        let path = scratch.path(name)
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        let source = "sine=f=1000:d=\(seconds):r=44100"
        try Command.tool("ffmpeg", ["-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-y", path])
        return path
    }

    private func isPNG(_ path: String) throws -> Bool {
        try Data(contentsOf: URL(filePath: path)).starts(with: [0x89, 0x50, 0x4E, 0x47])
    }

    @Test
    func filesAreNamedAfterTheRecordings() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let files = [try tone(scratch), try tone(scratch, "speech.ogg"), try tone(scratch, "film.m4a")]
        let out = scratch.path("new/folder")
        let result = try run(files + ["--mfcc", "13", "--delta", "--npy", "--png", "--csv", "--json", "--out", out])
        #expect(result.status == 0, "\(result.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: out).sorted()
        let expected = ["film", "speech", "tone"].flatMap { stem in
            ["csv", "json", "npy", "png"].map { "\(stem).mfcc.\($0)" }
        }
        #expect(names == expected)
        for stem in ["film", "speech", "tone"] {
            #expect(try isPNG(out + "/\(stem).mfcc.png"))
            let array = try Data(contentsOf: URL(filePath: out + "/\(stem).mfcc.npy"))
            #expect(array.starts(with: [0x93] + Array("NUMPY".utf8) + [1, 0]))
            #expect(String(decoding: array[10..<74], as: UTF8.self).contains("'shape': (39, 20"))
        }
        #expect(result.output.contains("39 values in 201 frames (2.00 s)") && result.output.contains("tone.mfcc.npy"))
    }

    @Test
    func valuesGoToStandardOutputAndNothingElseDoes() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let path = try tone(scratch)
        let table = try run([path, "--mel", "40", "--log", "--csv", "-"])
        #expect(table.status == 0 && table.errors.isEmpty)
        let lines = table.output.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(lines.count == 202 && lines.allSatisfy { $0.count == 41 })
        #expect(lines[0][0] == "time" && lines[0][40] == "mel39" && lines[101][0] == "1.0")
        // A steady tone: the loudest band of every frame inside is the same, and it has about 0 dB.
        let middle = lines[51...150].map { $0.dropFirst().compactMap { Double($0) } }
        let loudest = Set(middle.compactMap { row in row.indices.max { row[$0] < row[$1] } })
        #expect(loudest.count == 1)
        #expect(middle.allSatisfy { abs($0.max() ?? -100) < 0.5 })

        let object = try run([path, "--json", "-"])
        let value = try JSONSerialization.jsonObject(with: Data(object.output.utf8))
        let document = try #require(value as? [String: Any])
        #expect((document["frames"] as? [[Double]])?.count == 201 && document["file"] as? String == path)
    }

    @Test
    func withoutFilesASummaryIsPrinted() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let result = try run([try tone(scratch), "--mfcc", "20"])
        #expect(result.status == 0)
        #expect(result.output.contains("mean") && result.output.contains("mfcc19"))
        #expect(try run([try tone(scratch), "--mfcc", "20", "--quiet"]).output.isEmpty)
        let usual = try run([try tone(scratch), "--mfcc", "--delta"])
        #expect(usual.status == 0 && usual.output.contains("39 values"), "\(usual.errors)")
        #expect(try run([try tone(scratch), "--mel"]).output.contains("80 values"))
    }

    @Test
    func aPictureForANetHasTheWishedSize() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let picture = scratch.path("net.png")
        let result = try run([
            try tone(scratch), "--png", picture, "--bare", "--size", "224x160", "--colours", "viridis",
        ])
        #expect(result.status == 0, "\(result.errors)")
        let data = try Data(contentsOf: URL(filePath: picture))
        // Width and height stand in the first chunk, from byte 16 on.
        #expect(Array(data[16..<24]) == [0, 0, 0, 224, 0, 0, 0, 160])
    }

    @Test
    func recordingsThatCannotBeReadDoNotStopTheOthers() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let mute = scratch.path("mute.mp4")
        try Command.tool("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc2=d=1:s=64x64", "-y", mute])
        let letter = try scratch.write(String(repeating: "no sound\n", count: 100), to: "letter.wav")
        let one = try run([mute])
        #expect(one.status == 3 && one.errors.contains("no sound track") && one.output.isEmpty)
        let good = try tone(scratch)
        let all = try run([mute, good, letter, scratch.path("missing.wav"), "--npy", "--out", scratch.path("out")])
        #expect(all.status == 3)
        #expect(
            all.errors.contains("3 of 4") && all.errors.contains("missing.wav") && all.errors.contains("letter.wav")
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")) == ["tone.mel.npy"])
    }

    @Test(arguments: [
        ["--mfcc", "13", "--mel", "40"], ["--mfcc", "81"], ["--mfcc", "0"], ["--mel", "400"],
        ["--mfcc", "13", "--log"],
        ["--bands", "40"], ["--window", "0.5"], ["--hop", "0"], ["--hop", "nan"], ["--fmin", "900", "--fmax", "800"],
        ["--fmax", "9000"], ["--fft", "100"], ["--ref", "loud"], ["--ref", "-1"], ["--top-db", "much"], ["--top-db=-5"],
        ["--png", "picture.gif"], ["--csv", "other.wav"], ["--csv", "-", "--json", "-"], ["--png", "--size", "10"],
        ["--png", "--size", "9x9"], ["--bare"], ["--npy", "-"], ["--colours", "pink"],
    ])
    func wrongUsageExitsWithTwoBeforeAnythingIsRead(arguments: [String]) throws {
        let result = try run(["no-such-file.wav"] + arguments)
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("Usage") || result.errors.contains("--help"))
    }

    @Test
    func oneFileForSeveralRecordingsIsRefused() throws {
        #expect(try run(["a.wav", "b.wav", "--npy", "all.npy"]).status == 2)
        let twins = try run(["one/talk.wav", "two/talk.wav", "--npy"])
        #expect(twins.status == 2 && twins.errors.contains("two/talk.wav"))
        // The recording is not taken for the picture's name, and so not written over.
        let scratch = try Scratch()
        defer { scratch.remove() }
        let path = try tone(scratch)
        let before = try Data(contentsOf: URL(filePath: path))
        let swallowed = try run(["--png", path])
        #expect(swallowed.status == 2)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test
    func aFolderThatCannotBeMadeIsSaid() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let file = try scratch.write("precious", to: "taken")
        let result = try run([try tone(scratch), "--npy", "--out", file])
        #expect(result.status == 1 && result.errors.contains("hypeclip: "))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "precious")
    }

    @Test
    func interruptedWorkLeavesNothingBehind() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let long = try tone(scratch, "long.wav", seconds: 7200)
        let out = scratch.path("out")
        let result = try Command.run(
            Command.hypeclip,
            ["features", long, "--mfcc", "40", "--delta", "--csv", "--out", out]
        ) { process in
            // The file that is being written shows that the work is under way.
            let part = out + "/long.mfcc.csv.part"
            while !FileManager.default.fileExists(atPath: part) && process.isRunning { sched_yield() }
            process.interrupt()
        }
        #expect(result.status == 130, "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: out).isEmpty)
    }

    @Test
    func helpTeaches() throws {
        let help = try run(["--help"])
        #expect(help.status == 0)
        for words in ["librosa.feature.mfcc", "--delta", "numpy.load", "--size", "hypeclip features talk.wav --png"] {
            #expect(help.output.contains(words), "\(words)")
        }
    }
}
