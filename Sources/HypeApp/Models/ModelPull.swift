package import Foundation
package import HypeCatalogue
import HypeUploads

/// How far a pull has come.
package struct PullProgress: Sendable {
    /// The model's name.
    package let model: String
    /// Bytes of the file that are there.
    package let bytes: Int64
    /// Bytes of the whole file.
    package let total: Int64
}

/// Brings models to the folder where the user's models lie.
package struct ModelPull: Sendable {
    /// Where files come from.
    package enum Source: Sendable {
        /// The pinned addresses.
        case network
        /// A folder that somebody filled by hand, and may have filled with only some of the files.
        case folder(URL)
    }

    /// A file that is in its place.
    package struct Pulled: Sendable, Hashable, Encodable {
        /// How it came there.
        package enum Origin: String, Sendable, Encodable {
            case present, downloaded, copied
        }

        /// The model's name.
        package let model: String
        /// Where the file lies.
        package let path: String
        /// Size in bytes.
        package let bytes: Int64
        /// SHA-256 that was found, 64 hexadecimal digits.
        package let sha256: String
        /// How it came there.
        package let origin: Origin
    }

    /// Room that is left free on the disk beside a file: 16 MiB.
    private static let reserve: Int64 = 16 << 20

    private let inventory: ModelInventory
    private let destination: URL
    private let source: Source
    private let address: @Sendable (CatalogueFile) -> URL?
    private let freeSpace: @Sendable (URL) -> Int64?

    /// Prepares pulling.
    ///
    /// - Parameters:
    ///   - inventory: Where models may lie already.
    ///   - destination: Folder for new files; the first one of the inventory, or else they would not be found.
    ///   - source: Where files come from.
    ///   - address: Where a file is on the network.
    ///   - freeSpace: Free bytes on the disk of a folder, or nil where that cannot be known.
    package init(
        inventory: ModelInventory,
        destination: URL,
        source: Source,
        address: @escaping @Sendable (CatalogueFile) -> URL? = { $0.address.flatMap(URL.init(string:)) },
        freeSpace: @escaping @Sendable (URL) -> Int64? = Self.freeSpace
    ) {
        self.inventory = inventory
        self.destination = destination
        self.source = source
        self.address = address
        self.freeSpace = freeSpace
    }

    /// Brings one model; files that are there and intact are left alone.
    ///
    /// - Parameters:
    ///   - entry: The model, not a shipped one.
    ///   - progress: Called often, from any thread.
    /// - Returns: Its files, in the order of the catalogue.
    /// - Throws: ``AppFailure`` with the remedy, or `CancellationError`.
    package func pull(
        _ entry: CatalogueEntry,
        progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) async throws -> [Pulled] {
        var pulled: [Pulled] = []
        for file in entry.files {
            let expected: FileFacts
            switch file.check {
            case .pinned(let facts): expected = facts
            case .sidecar(let description):
                guard let facts = try described(file, of: entry) else {
                    throw AppFailure(
                        .failed,
                        "\(entry.id) is not pulled from the network. This brings it: \(entry.remedy)"
                    )
                }
                expected = facts
                if case .folder(let folder) = source, try !isPresent(file, expected) {
                    pulled.append(
                        try await bring(file, described: description, of: entry, from: folder, expected, progress)
                    )
                    continue
                }
            }
            if let url = inventory.url(of: file.name), try FileHash.facts(of: url) == expected {
                pulled.append(Pulled(entry, at: url, expected, .present))
                continue
            }
            pulled.append(try await bring(file, of: entry, expected, progress))
        }
        return pulled
    }

    /// Whether the source folder holds a file of a model; always true for the network where there is an address.
    package func offers(_ entry: CatalogueEntry) -> Bool {
        switch source {
        case .network: entry.files.allSatisfy { $0.address != nil }
        case .folder(let folder): entry.files.contains { Self.find($0, in: folder) != nil }
        }
    }

    /// What a file must be that is described beside it.
    ///
    /// - Returns: The facts by the description in the source folder, or by that of an installed file where the source is
    ///   the network; nil where there is neither.
    private func described(_ file: CatalogueFile, of entry: CatalogueEntry) throws -> FileFacts? {
        guard entry.kind == .optional else {
            throw AppFailure(.failed, "\(entry.id) is part of the repository. This restores it: \(entry.remedy)")
        }
        guard case .folder(let folder) = source else {
            let installed = inventory.url(of: file.name)?.deletingLastPathComponent()
            guard let installed, let facts = FileDescription(of: file, in: installed)?.facts,
                try isPresent(file, facts)
            else { return nil }
            return facts
        }
        guard let description = FileDescription(of: file, in: folder) else {
            throw AppFailure(
                .failed,
                "\(folder.path) holds no \(file.name) with a description that can be read. This makes both: "
                    + "\(entry.preparation ?? entry.remedy)"
            )
        }
        if let name = description.name, name != entry.id {
            throw AppFailure(
                .failed,
                "The model in \(folder.path) was made as \(name), not as \(entry.id). "
                    + "Pull it under that name, or make it again with --name \(entry.id)."
            )
        }
        return description.facts
    }

    /// Whether a file and its description are installed as they should be.
    private func isPresent(_ file: CatalogueFile, _ expected: FileFacts) throws -> Bool {
        guard let url = inventory.url(of: file.name),
            FileDescription(of: file, in: url.deletingLastPathComponent())?.facts == expected
        else { return false }
        return try FileHash.facts(of: url) == expected
    }

    /// Copies a file and then its description; in between the two do not fit, which every reader notices.
    private func bring(
        _ file: CatalogueFile,
        described description: String,
        of entry: CatalogueEntry,
        from folder: URL,
        _ expected: FileFacts,
        _ progress: @escaping @Sendable (PullProgress) -> Void
    ) async throws -> Pulled {
        let pulled = try await bring(file, of: entry, expected, progress)
        do {
            let content = try Data(contentsOf: folder.appending(path: description))
            try content.write(to: destination.appending(path: description), options: .atomic)
        } catch {
            throw AppFailure(
                .failed,
                "\(description) cannot be copied to \(destination.path): \(error.localizedDescription)"
            )
        }
        return pulled
    }

    private func bring(
        _ file: CatalogueFile,
        of entry: CatalogueEntry,
        _ expected: FileFacts,
        _ progress: @escaping @Sendable (PullProgress) -> Void
    ) async throws -> Pulled {
        let target = destination.appending(path: file.name)
        let origin = try await bring(file, of: entry, to: target, expected) { bytes in
            progress(PullProgress(model: entry.id, bytes: bytes, total: expected.bytes))
        }
        return Pulled(entry, at: target, expected, origin)
    }

    private func bring(
        _ file: CatalogueFile,
        of entry: CatalogueEntry,
        to target: URL,
        _ expected: FileFacts,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> Pulled.Origin {
        switch source {
        case .network:
            guard let address = address(file) else {
                throw AppFailure(
                    .failed,
                    "\(entry.id) is not pulled from the network. This brings it: \(entry.remedy)"
                )
            }
            let part = try PartialFile(destination: target)
            defer { part.close() }
            try checkSpace(for: expected.bytes - part.count)
            try await ModelDownload(address: address, file: part, expected: expected).run(progress: progress)
            try part.finish(expected, origin: address.absoluteString)
            return .downloaded
        case .folder(let folder):
            guard let found = Self.find(file, in: folder) else {
                throw AppFailure(
                    .failed,
                    "\(folder.path) holds no file \(file.names.joined(separator: " or ")) for \(entry.id)."
                )
            }
            let part = try PartialFile(destination: target)
            defer { part.close() }
            try part.restart()
            try checkSpace(for: expected.bytes)
            try copy(found, to: part, progress: progress)
            try part.finish(expected, origin: found.path)
            return .copied
        }
    }

    private func copy(_ found: URL, to part: PartialFile, progress: (Int64) -> Void) throws {
        do {
            try FileHash.forEachPiece(of: found) { piece in
                try part.append(piece)
                progress(part.count)
            }
        } catch {
            part.discard()
            if error is AppFailure || error is CancellationError { throw error }
            throw AppFailure(.failed, "\(found.path) cannot be read: \(error.localizedDescription)")
        }
    }

    private func checkSpace(for bytes: Int64) throws {
        guard let free = freeSpace(destination), free < bytes + Self.reserve else { return }
        throw AppFailure(
            .failed,
            "There is no space left in \(destination.path): \(ByteText.size(bytes)) are needed and "
                + "\(ByteText.size(free)) are free. Make room, or name another folder in HYPECLIP_MODEL_PATH."
        )
    }

    private static func find(_ file: CatalogueFile, in folder: URL) -> URL? {
        file.names.lazy.map { folder.appending(path: $0) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }

    /// Free bytes on the disk of a folder, or nil where that cannot be known.
    package static func freeSpace(in folder: URL) -> Int64? {
        try? DiskSpace.free(at: folder.path)
    }
}

extension ModelPull.Pulled {
    fileprivate init(_ entry: CatalogueEntry, at url: URL, _ facts: FileFacts, _ origin: Origin) {
        self.init(model: entry.id, path: url.path, bytes: facts.bytes, sha256: facts.sha256, origin: origin)
    }
}
