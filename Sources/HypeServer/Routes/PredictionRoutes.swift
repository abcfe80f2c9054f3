import Foundation
import HTTPTypes
import HypeUploads

extension RouteCatalogue {
    private struct Wanted: Decodable {
        var audio: String?
        var video: String?
        var image: String?
        var fusion: EmotionJob.Fusion?
    }

    /// The emotion of files.
    var predictionRoutes: [Route] {
        [
            Route(.post, "/predict", .change) { request in
                let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
                guard type.hasPrefix("multipart/") else {
                    let job = try await job(of: try await request.document(Wanted.self))
                    return Wire.json(try await parts.media.emotion(of: job))
                }
                return Wire.json(try await emotion(ofForm: request))
            }
        ]
    }

    /// Files that were uploaded before.
    private func job(of wanted: Wanted) async throws -> EmotionJob {
        guard wanted.audio != nil || wanted.video != nil || wanted.image != nil else {
            throw Problem(400, "Name an upload as “audio”, “video” or “image”, or send a file in a form.")
        }
        return EmotionJob(
            audio: try await path(wanted.audio, as: [.audio, .video], "audio"),
            video: try await path(wanted.video, as: [.video], "video"),
            image: try await path(wanted.image, as: [.image], "image"),
            fusion: wanted.fusion ?? .late
        )
    }

    private func path(_ id: String?, as kinds: [MediaKind], _ field: String) async throws -> String? {
        guard let id else { return nil }
        let upload = try await parts.uploads.upload(id)
        guard kinds.contains(upload.kind) else {
            throw Problem(
                415,
                "The upload for “\(field)” is \(upload.kind.rawValue).",
                errors: [Problem.Mistake(field, "must be \(kinds.map(\.rawValue).joined(separator: " or "))")]
            )
        }
        return upload.path
    }

    /// Files that come with the request; they are gone when it is answered.
    private func emotion(ofForm request: IncomingRequest) async throws -> Data {
        try gatekeeper.beginUpload(from: request.peer.address)
        let form = try await parts.uploads.receive(
            form: request.body,
            contentType: request.headers[.contentType] ?? "",
            plan: UploadFormPlan(files: ["file": nil, "audio": .audio, "video": .video, "image": .image]),
            declaredBytes: request.body.announced
        )
        measures.count(.uploads, Int64(form.uploads.count))
        measures.count(.uploadedBytes, form.uploads.values.reduce(0) { $0 + $1.bytes })
        let result: Result<Data, any Error>
        do {
            result = .success(try await parts.media.emotion(of: try job(of: form)))
        } catch {
            result = .failure(error)
        }
        for upload in form.uploads.values { try await parts.uploads.remove(upload.id) }
        return try result.get()
    }

    private func job(of form: UploadForm) throws -> EmotionJob {
        var job = EmotionJob()
        if let text = form.fields["fusion"] {
            guard let fusion = EmotionJob.Fusion(rawValue: text) else {
                throw Problem(
                    400,
                    "The fusion is late or early.",
                    errors: [Problem.Mistake("fusion", "must be late or early")]
                )
            }
            job.fusion = fusion
        }
        for upload in form.uploads.values {
            switch upload.kind {
            case .audio: job.audio = upload.path
            case .video: job.video = upload.path
            case .image: job.image = upload.path
            case .unknown: throw Problem(415, "“\(upload.name)” is no picture, sound or video.")
            }
        }
        return job
    }
}
