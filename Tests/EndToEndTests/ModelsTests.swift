import Foundation
import HypeCatalogue
import Testing

/// Drives the built `hypeclip models`.
@Suite(.timeLimit(.minutes(5)))
struct ModelsTests {
    private struct List: Decodable {
        struct Model: Decodable {
            struct File: Decodable {
                var name: String
                var path: String?
                var sha256: String?
            }
            var name: String
            var kind: String
            var use: String
            var state: String
            var version: String?
            var remedy: String
            var files: [File]
        }
        var pullFolder: String
        var models: [Model]
    }

    private struct Verification: Decodable {
        struct Model: Decodable {
            var name: String
            var state: String
            var ok: Bool
            var remedy: String?
        }
        var ok: Bool
        var models: [Model]
    }

    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func models(_ arguments: [String], environment: [String: String] = [:]) throws -> CommandResult {
        let own = ["XDG_DATA_HOME": scratch.path("data"), "HYPECLIP_MODEL_PATH": ""]
        return try Command.run(Command.hypeclip, ["models"] + arguments, environment: own.merging(environment) { $1 })
    }

    @Test
    func theListNamesEveryModelOfTheCatalogue() throws {
        defer { scratch.remove() }
        let list = try JSONDecoder().decode(List.self, from: Data(try models(["list", "--json"]).output.utf8))
        #expect(list.models.map(\.name) == ModelCatalogue.entries.map(\.id))
        #expect(list.pullFolder == scratch.path("data/hypeclip/models"))
        for model in list.models where model.kind != "optional" {
            #expect(model.state == "installed", "\(model.name)")
            #expect(model.version != nil && model.files.allSatisfy { $0.path != nil && $0.sha256?.count == 64 })
        }
        #expect(list.models.first { $0.name == "yamnet" }?.state == "missing")
        let text = try models([]).output
        for entry in ModelCatalogue.entries { #expect(text.contains(entry.id)) }
        #expect(text.contains("(for a later version)"))
        #expect(text.contains("hypeclip models pull yamnet"))
    }

    @Test
    func verifyPassesHereAndFailsOnADamagedFile() throws {
        defer { scratch.remove() }
        #expect(try models(["verify"]).status == 0)
        let silero = try #require(ModelCatalogue.entry("silero-vad")?.files.first)
        guard case .pinned(let facts) = silero.check else { return }
        let folder = scratch.path("damaged")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // Of the right size, so that only its content gives it away.
        try Data(count: Int(facts.bytes)).write(to: URL(filePath: folder + "/" + silero.name))
        let result = try models(["verify", "--json"], environment: ["HYPECLIP_MODEL_PATH": folder])
        #expect(result.status == 1)
        let verification = try JSONDecoder().decode(Verification.self, from: Data(result.output.utf8))
        #expect(!verification.ok)
        #expect(verification.models.filter { !$0.ok }.map(\.name) == ["silero-vad"])
        #expect(verification.models.first { !$0.ok }?.remedy == "Scripts/bootstrap")
    }

    @Test
    func pullWithoutNamesTeaches() throws {
        defer { scratch.remove() }
        let result = try models(["pull"])
        #expect(result.status == 2)
        #expect(result.errors.contains("yamnet") && result.errors.contains("4.1 MB"))
        #expect(result.errors.contains("Usage:"))
        let unknown = try models(["pull", "yamnett"])
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("There is no model named yamnett"))
        #expect(try models(["pull", "yamnet", "--from", "/nowhere"]).status == 2)
    }

    @Test
    func aFolderWithTheWrongFileInstallsNothing() throws {
        defer { scratch.remove() }
        let folder = scratch.path("stick")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("not a model".utf8).write(to: URL(filePath: folder + "/yamnet.tflite"))
        let result = try models(["pull", "yamnet", "--from", folder, "--quiet"])
        #expect(result.status == 1)
        #expect(result.errors.contains("expected SHA-256 469be6a3"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("data/hypeclip/models/yamnet.tflite")))
        let empty = try models(["pull", "--all", "--from", scratch.folder.path])
        #expect(empty.status == 1)
        #expect(empty.errors.contains("holds no file of a model"))
    }

    @Test(.enabled(if: Shared.models != nil, "needs ../shared/data/models"))
    func whatAFolderHoldsIsInstalledVerifiedAndUsed() throws {
        defer { scratch.remove() }
        let folder = try #require(Shared.models).path
        let pulled = try models(["pull", "--all", "--from", folder, "--quiet"])
        #expect(pulled.status == 0, "\(pulled.errors)")
        let installed = scratch.path("data/hypeclip/models")
        let names = try FileManager.default.contentsOfDirectory(atPath: installed).sorted()
        #expect(names == ["yamnet.tflite", "yamnet_class_map.csv", "yunet_n_320_320.onnx"])
        #expect(try models(["verify"]).output.contains("intact    yamnet"))
        let again = try models(["pull", "yamnet", "--from", folder, "--quiet"])
        #expect(again.output.contains("is there already"))

        let environment = ["XDG_DATA_HOME": scratch.path("data"), "HYPECLIP_MODEL_PATH": ""]
        let doctor = try Command.run(Command.hypeclip, ["doctor"], environment: environment)
        #expect(doctor.output.contains("ok        yamnet.tflite, yamnet_class_map.csv"))

        // A damaged optional model costs its evidence, not the analysis.
        try Data("damaged".utf8).write(to: URL(filePath: installed + "/yamnet.tflite"))
        let recording = try Stage.recording(scratch)
        let arguments = [
            recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out"), "--json", "--quiet",
        ]
        let analysis = try Command.run(Command.hypeclip, ["analyze"] + arguments, environment: environment)
        #expect(analysis.status == 0, "\(analysis.errors)")
        #expect(analysis.output.contains("hypeclip models pull yamnet"))
    }

    @Test
    func doctorSaysHowToGetWhatIsOptional() throws {
        defer { scratch.remove() }
        let environment = ["XDG_DATA_HOME": scratch.path("data"), "HYPECLIP_MODEL_PATH": ""]
        let doctor = try Command.run(Command.hypeclip, ["doctor"], environment: environment)
        #expect(doctor.status == 0, "\(doctor.errors)")
        #expect(doctor.output.contains("optional  yamnet.tflite"))
        #expect(doctor.output.contains("hypeclip models pull yamnet"))
    }
}

/// Files that are not part of the repository.
enum Shared {
    /// The shared folder of models, or nil.
    static let models: URL? = {
        let environment = ProcessInfo.processInfo.environment["HYPECLIP_SHARED"].map { URL(filePath: $0) }
        let shared = environment ?? Command.repository.deletingLastPathComponent().appending(path: "shared")
        let folder = shared.appending(path: "data/models")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()
}
