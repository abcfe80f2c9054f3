import Foundation
package import HypeCore
package import HypeStore

/// A deletion, step by step, so that a crash at any point leaves something that can be finished.
///
/// 1. The files are read and hashed where they lie; nothing has changed yet (``ClipLibrary``).
/// 2. ``writeJournal()``: `trash/ID/journal.json` with the proof. From here on the deletion will be finished.
/// 3. ``moveAside()``: the files go to `trash/ID/`; clients do not find them any more.
/// 4. ``record()``: one transaction of the store takes the clip away and writes the proof.
/// 5. ``destroy()``: the files are unlinked, then the journal, then the folder.
///
/// Each step can be done again: at the next start every journal that is found goes through steps 3 to 5. When step 3 or 4
/// fails while the program lives on, ``undo()`` puts everything back. Somebody who plays a file keeps it until it is
/// closed: unlinking takes the name away, not the content (POSIX), and the space is free after that.
package struct DeletionWork: Sendable {
    /// What is to be deleted, with the proof that will be recorded.
    struct Journal: Codable, Sendable {
        var deletion: Deletion
        var moves: [Move]
    }

    /// Where a file lies, and what it is called in the trash.
    struct Move: Codable, Sendable {
        var from: String
        var name: String
    }

    private static let journalName = "journal.json"

    let journal: Journal
    private let folder: String
    private let keeper: FileKeeper
    private let store: any ClipStore

    /// Begins a deletion of the files at absolute paths; nothing is done yet.
    package init(
        _ deletion: Deletion,
        paths: [String],
        in folder: LibraryFolder,
        keeper: FileKeeper,
        store: any ClipStore
    ) {
        let moves = paths.enumerated().map { index, path in
            Move(from: path, name: "\(index)-" + (path.split(separator: "/").last.map(String.init) ?? ""))
        }
        self.init(Journal(deletion: deletion, moves: moves), in: folder, keeper: keeper, store: store)
    }

    private init(_ journal: Journal, in folder: LibraryFolder, keeper: FileKeeper, store: any ClipStore) {
        self.journal = journal
        self.folder = folder.trash + "/" + journal.deletion.id
        self.keeper = keeper
        self.store = store
    }

    /// The deletion that a crash left under way in a folder of the trash; nil where its journal was not complete, so that
    /// nothing had been moved yet.
    static func resume(
        _ id: String,
        in folder: LibraryFolder,
        keeper: FileKeeper,
        store: any ClipStore
    ) async -> DeletionWork? {
        guard let data = await keeper.read(folder.trash + "/" + id + "/" + journalName),
            let journal = try? JSONDecoder().decode(Journal.self, from: data), journal.deletion.id == id,
            journal.moves.allSatisfy({ !$0.name.contains("/") && !$0.name.hasPrefix(".") })
        else { return nil }
        return DeletionWork(journal, in: folder, keeper: keeper, store: store)
    }

    /// Step 2: writes down what will be deleted.
    package func writeJournal() async throws(LibraryFailure) {
        let data: Data
        do { data = try JSONEncoder().encode(journal) } catch {
            throw LibraryFailure(.disk, "the proof cannot be written as JSON", cause: error)
        }
        try await keeper.makeFolder(folder)
        try await keeper.write(data, to: folder + "/" + Self.journalName)
    }

    /// Step 3: takes the files out of sight.
    ///
    /// A file on another file system stays where it is until step 5.
    package func moveAside() async throws(LibraryFailure) {
        for move in journal.moves {
            guard await keeper.hasFile(move.from) else { continue }
            try await keeper.move(move.from, to: folder + "/" + move.name, copies: false)
        }
    }

    /// Step 4: records the proof.
    ///
    /// - Returns: Whether it was recorded just now; false where that had happened before.
    package func record() async throws(StoreError) -> Bool {
        do throws(StoreError) {
            if journal.deletion.subject == .clip {
                return try await store.remove(journal.deletion.subjectId, recording: journal.deletion)
            }
            try await store.record(journal.deletion)
            return true
        } catch  where error.code == .duplicate {
            return false
        }
    }

    /// Step 5: unlinks the files.
    package func destroy() async throws(LibraryFailure) {
        for move in journal.moves {
            try await keeper.remove(folder + "/" + move.name)
            try await keeper.remove(move.from)
        }
        try await keeper.remove(folder + "/" + Self.journalName)
        try await keeper.remove(folder)
    }

    /// Puts everything back after a step failed.
    package func undo() async throws(LibraryFailure) {
        for move in journal.moves {
            let aside = folder + "/" + move.name
            guard await keeper.hasFile(aside) else { continue }
            try await keeper.move(aside, to: move.from, copies: false)
        }
        try await keeper.remove(folder)
    }
}
