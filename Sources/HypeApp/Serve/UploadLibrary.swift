import Foundation
import HypeLibrary
import HypeServer
import HypeUploads

/// Knows the files that clients uploaded, in the terms of sessions and of retention.
struct UploadLibrary: Sendable {
    /// Largest chat log in bytes; a day of the busiest chats has less.
    private static let longestChatLog: Int64 = 2 << 30

    let uploads: UploadStore

    /// The recording with an identifier.
    ///
    /// - Throws: `RequestFailure` where there is none, or where the upload is something else.
    func recording(_ id: String) async throws -> Upload {
        let upload = try await find(id)
        guard upload.kind == .video || upload.kind == .audio else {
            throw RequestFailure(.invalid, "The upload \(id) is no recording. Send one to /upload/video.")
        }
        return upload
    }

    /// The chat log with an identifier.
    ///
    /// - Throws: `RequestFailure` where there is none, or where the upload is media.
    func chatLog(_ id: String) async throws -> Upload {
        let upload = try await find(id)
        guard upload.kind == .unknown, upload.bytes <= Self.longestChatLog else {
            throw RequestFailure(.invalid, "The upload \(id) is no chat log. Send one to /upload/chat.")
        }
        return upload
    }

    private func find(_ id: String) async throws -> Upload {
        do { return try await uploads.upload(id) } catch {
            guard error.code == .notFound || error.code == .gone else {
                throw RequestFailure(.unavailable, "Uploads cannot be read now; try again.")
            }
            throw RequestFailure(.notFound, "There is no upload \(id); it may have been deleted. Send the file again.")
        }
    }
}

extension UploadLibrary: RecordingShelf {
    func recording(_ upload: String) async -> Recording? {
        guard let found = try? await uploads.upload(upload) else { return nil }
        return Recording(id: found.id, name: found.name, paths: [found.path])
    }

    func forget(_ upload: String) async {
        // Its file is gone already; what is left is the description beside it.
        _ = try? await uploads.remove(upload)
    }
}
