import Foundation

/// The folder that an analysis writes to.
struct OutputFolder: Sendable {
    /// Ending of files that are still being written.
    static let partialSuffix = ".part"

    let path: String

    /// Makes the folder where it is missing and checks that it can be written to.
    ///
    /// - Parameter path: Where the clips, the report and the data go.
    /// - Throws: ``AppFailure`` that says what is in the way.
    init(path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
            throw AppFailure(.failed, "\(path) is a file; name a folder with --out")
        }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw AppFailure(.failed, "the folder \(path) cannot be made: \(error.localizedDescription)")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw AppFailure(.failed, "the folder \(path) cannot be written to; name another one with --out")
        }
    }

    /// Path of a file in the folder.
    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file whole: it appears under its name only when it is complete.
    func write(_ data: Data, to name: String) throws {
        do {
            try data.write(to: URL(filePath: file(name)), options: .atomic)
        } catch {
            throw AppFailure(.failed, "\(file(name)) cannot be written: \(error.localizedDescription)")
        }
    }

    /// Removes what an earlier or interrupted analysis left: its clips and pictures, and half-written files.
    func removeLeftovers() {
        remove(isClipFile)
        removePartials()
    }

    /// Removes half-written files.
    func removePartials() {
        remove { $0.hasSuffix(Self.partialSuffix) && isClipFile(String($0.dropLast(Self.partialSuffix.count))) }
    }

    private func isClipFile(_ name: String) -> Bool { name.wholeMatch(of: /clip-\d{4,}\.(mp4|mkv|jpg)/) != nil }

    private func remove(_ isUnwanted: (String) -> Bool) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where isUnwanted(name) { try? FileManager.default.removeItem(atPath: file(name)) }
    }
}
