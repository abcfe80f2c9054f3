package import Foundation

/// What of the catalogue lies in the folders of an installation.
///
/// Looks at names and sizes only, so that it is quick; `hypeclip models verify` reads the files.
package struct ModelInventory: Sendable {
    /// Folders that are searched, in this order.
    package let folders: [URL]

    /// Creates an inventory.
    ///
    /// - Parameter folders: Folders to search, first one first.
    package init(folders: [URL]) {
        self.folders = folders
    }

    /// The first readable file of a name in the folders, or nil.
    package func url(of name: String) -> URL? {
        folders.lazy.map { $0.appendingPathComponent(name) }
            .first { FileManager.default.isReadableFile(atPath: $0.path) }
    }

    /// What is there of a model.
    package func item(_ entry: CatalogueEntry) -> InventoryItem {
        InventoryItem(entry: entry, files: entry.files.map(file))
    }

    /// What is there of all models, in the order of the catalogue.
    package var items: [InventoryItem] { ModelCatalogue.entries.map(item) }

    private func file(_ file: CatalogueFile) -> InventoryItem.File {
        guard let url = url(of: file.name) else {
            return InventoryItem.File(
                file: file,
                url: nil,
                facts: file.facts(of: nil),
                version: nil,
                state: .missing
            )
        }
        let sidecar = FileDescription(of: file, in: url.deletingLastPathComponent())
        guard let facts = file.facts(of: sidecar) else {
            let name = if case .sidecar(let name) = file.check { name } else { "description" }
            let state = InventoryItem.State.damaged("its \(name) is missing or cannot be read")
            return InventoryItem.File(file: file, url: url, facts: nil, version: nil, state: state)
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
        let bytes = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        return InventoryItem.File(
            file: file,
            url: url,
            facts: facts,
            version: sidecar?.version,
            state: bytes == facts.bytes ? .installed : .damaged("\(bytes) bytes instead of \(facts.bytes)")
        )
    }
}

/// A model and what of it is there.
package struct InventoryItem: Sendable {
    /// How a file, or a model as a whole, is.
    package enum State: Hashable, Sendable {
        /// There, as far as was looked.
        case installed
        /// Not there.
        case missing
        /// There, but not what it should be; says why.
        case damaged(String)
    }

    /// A file of the model.
    package struct File: Sendable {
        /// What the catalogue says about it.
        package let file: CatalogueFile
        /// Where it lies, or nil.
        package let url: URL?
        /// What it must be; nil where that is not known because a sidecar is missing.
        package let facts: FileFacts?
        /// Version in the sidecar, where there is one.
        package let version: String?
        /// How it is.
        package let state: State

        /// The same file in another state.
        package func inState(_ state: State) -> Self {
            Self(file: file, url: url, facts: facts, version: version, state: state)
        }
    }

    /// The model.
    package let entry: CatalogueEntry
    /// Its files, in the order of the catalogue.
    package let files: [File]

    /// Creates an item.
    package init(entry: CatalogueEntry, files: [File]) {
        self.entry = entry
        self.files = files
    }

    /// How the model is: damaged where a file is, missing where one is.
    package var state: State {
        let damaged = files.first { if case .damaged = $0.state { true } else { false } }
        return damaged?.state ?? (files.contains { $0.state == .missing } ? .missing : .installed)
    }

    /// Version of the catalogue or of the sidecar; nil where the sidecar is not there.
    package var version: String? { entry.version ?? files.first?.version }

    /// Bytes of all files as they should be; nil where that is not known.
    package var bytes: Int64? {
        let known = files.compactMap(\.facts)
        return known.count == files.count ? known.reduce(0) { $0 + $1.bytes } : nil
    }
}

extension CatalogueFile {
    /// What the file must be.
    ///
    /// - Parameter sidecar: What lies beside the file, for those that are described there.
    /// - Returns: The facts; nil where the description is not there.
    fileprivate func facts(of sidecar: FileDescription?) -> FileFacts? {
        switch check {
        case .pinned(let facts): facts
        case .sidecar: sidecar?.facts
        }
    }
}
