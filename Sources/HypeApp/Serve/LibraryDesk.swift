import HypeCore
import HypeLibrary
import HypeServer

/// Clips and their files, in the terms of the server.
struct LibraryDesk: ClipDesk {
    let library: ClipLibrary

    func file(_ part: ClipPart, of id: String) async throws -> ClipFile? {
        do {
            let place = try await library.place(of: part == .video ? .video : .thumbnail, of: id)
            return place.map { ClipFile(path: $0.path, file: $0.file, mediaType: $0.mediaType) }
        } catch {
            throw error.asRequestFailure
        }
    }

    func delete(_ id: String, cause: Deletion.Cause) async throws -> Deletion {
        do { return try await library.delete(id, cause: cause) } catch { throw error.asRequestFailure }
    }
}

extension LibraryFailure {
    /// The failure in words that a client may read.
    fileprivate var asRequestFailure: RequestFailure {
        switch code {
        case .notFound, .name: RequestFailure(.notFound, "There is no such clip.")
        case .exists: RequestFailure(.conflict, "There is such a clip already.")
        case .changed, .absent, .disk, .store:
            RequestFailure(.unavailable, "The clips cannot be reached now; try again.")
        }
    }
}
