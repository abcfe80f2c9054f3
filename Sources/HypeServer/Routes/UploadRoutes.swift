import HTTPTypes
import HummingbirdCore
import HypeCore
import HypeUploads

extension RouteCatalogue {
    /// Files in forms.
    var uploadRoutes: [Route] {
        [
            Route(.post, "/upload/audio", .change) { try await receive(.audio, $0) },
            Route(.post, "/upload/video", .change) { try await receive(.video, $0) },
            Route(.post, "/upload/chat", .change) { request in
                let upload = try await store(request, expected: nil)
                guard upload.kind == .unknown else {
                    try await parts.uploads.remove(upload.id)
                    throw Problem(415, "This is \(upload.kind.rawValue), not a chat log. Send JSON, CSV or an IRC log.")
                }
                return try Wire.response(UploadDocument(upload, isChat: true), status: .created)
            },
            Route(.get, "/api/uploads/{id}", .read) { [parts] request in
                let upload = try await parts.uploads.upload(try request.identifier())
                return try Wire.response(UploadDocument(upload, media: try await look(at: upload)))
            },
        ]
    }

    /// Receives a file of one kind and looks into it.
    private func receive(_ kind: MediaKind, _ request: IncomingRequest) async throws -> Response {
        let upload = try await store(request, expected: kind)
        do {
            let document = UploadDocument(upload, media: try await look(at: upload))
            return try Wire.response(
                document,
                status: .created,
                headers: [.location: "/api/uploads/\(upload.id)"]
            )
        } catch {
            // What cannot be read is of no use to anybody.
            try await parts.uploads.remove(upload.id)
            throw error
        }
    }

    private func store(_ request: IncomingRequest, expected: MediaKind?) async throws -> Upload {
        try gatekeeper.beginUpload(from: request.peer.address)
        let upload = try await parts.uploads.receive(
            multipart: request.body,
            contentType: request.headers[.contentType] ?? "",
            expected: expected,
            declaredBytes: request.body.announced
        )
        measures.count(.uploads)
        measures.count(.uploadedBytes, upload.bytes)
        return upload
    }

    /// What an upload contains; nil where it is no media, or where the worker cannot look now.
    private func look(at upload: Upload) async throws -> MediaInfo? {
        guard upload.kind == .audio || upload.kind == .video else { return nil }
        do {
            return try await parts.media.probe(path: upload.path)
        } catch let failure as RequestFailure where failure.code == .unavailable || failure.code == .unsupported {
            return nil
        }
    }
}
