import Foundation
import HTTPTypes
import HummingbirdCore
import HypeCore
import HypeStore
import HypeUploads
import Logging

extension RouteCatalogue {
    /// Files that were uploaded before, and what is wanted to know about them.
    private struct Wanted: Decodable {
        var audio: String?
        var video: String?
        var image: String?
        var wish: PredictionWish

        private enum CodingKeys: String, CodingKey { case audio, video, image }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            audio = try container.decodeIfPresent(String.self, forKey: .audio)
            video = try container.decodeIfPresent(String.self, forKey: .video)
            image = try container.decodeIfPresent(String.self, forKey: .image)
            wish = try PredictionWish(from: decoder)
        }
    }

    /// One entry, or several.
    private struct Document: Decodable {
        var single: Wanted
        var items: [Wanted]?

        private enum CodingKeys: String, CodingKey { case items }

        init(from decoder: any Decoder) throws {
            single = try Wanted(from: decoder)
            items = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent([Wanted].self, forKey: .items)
        }
    }

    /// An answer, or the problem that an entry of a batch has instead.
    private struct Refused: Encodable {
        var error: Problem
    }

    /// The emotion of files.
    var predictionRoutes: [Route] {
        [
            Route(.post, "/predict", .change) { request in
                let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
                if type.hasPrefix("multipart/") { return try await answer(form: request) }
                return try await answer(document: request)
            },
            Route(.get, "/api/predictions", .read) { [predictions] _ in
                try Wire.response(ListDocument(items: await predictions.documents(), next: nil))
            },
            Route(.get, "/api/predictions/{id}", .read) { [predictions] request in
                guard let document = await predictions.document(try request.identifier()) else {
                    throw Self.noPrediction
                }
                return Wire.json(try document.json())
            },
            Route(.delete, "/api/predictions/{id}", .change) { [predictions] request in
                guard let document = await predictions.cancel(try request.identifier()) else {
                    throw Self.noPrediction
                }
                return Wire.json(try document.json())
            },
        ]
    }

    private static var noPrediction: Problem {
        Problem(404, "There is no such prediction, or none any more.")
    }

    // MARK: Documents

    private func answer(document request: IncomingRequest) async throws -> Response {
        let wish = try PredictionWish(request.target)
        let document = try await request.document(Document.self)
        guard let items = document.items else {
            let (job, bytes) = try await job(of: document.single, wish: wish.or(document.single.wish), request)
            return try await answer(job, bytes: bytes, owned: [], request)
        }
        guard (1...PredictionSettings.longestBatch).contains(items.count) else {
            let detail = "must have 1 to \(PredictionSettings.longestBatch) entries"
            throw Problem(400, "“items” \(detail).", errors: [Problem.Mistake("items", detail)])
        }
        guard try mode(request) != .background else {
            throw Problem(400, "A batch is answered at once. Ask for its files one by one to have them read later.")
        }
        return try await answer(items, wish: wish.or(document.single.wish), request)
    }

    private func job(
        of wanted: Wanted,
        wish: PredictionWish,
        in place: String = "",
        _ request: IncomingRequest
    ) async throws -> (EmotionJob, bytes: Int64) {
        try wish.check(in: place)
        guard wanted.audio != nil || wanted.video != nil || wanted.image != nil else {
            throw Problem(400, "Name an upload as “audio”, “video” or “image”, or send a file in a form.")
        }
        let audio = try await upload(wanted.audio, as: [.audio, .video], place + "audio")
        let video = try await upload(wanted.video, as: [.video], place + "video")
        let image = try await upload(wanted.image, as: [.image], place + "image")
        var job = EmotionJob(audio: audio?.path, video: video?.path, image: image?.path)
        let all = [video, image, audio].compactMap(\.self)
        job.name = all.first?.name ?? ""
        job.client = PeerAddress.bucket(request.peer.address)
        wish.apply(to: &job)
        return (job, all.reduce(0) { $0 + $1.bytes })
    }

    private func upload(_ id: String?, as kinds: [MediaKind], _ field: String) async throws -> Upload? {
        guard let id else { return nil }
        let upload = try await parts.uploads.upload(id)
        guard kinds.contains(upload.kind) else {
            throw Problem(
                415,
                "The upload for “\(field)” is \(upload.kind.rawValue).",
                errors: [Problem.Mistake(field, "must be \(kinds.map(\.rawValue).joined(separator: " or "))")]
            )
        }
        return upload
    }

    // MARK: Batches

    /// Reads the entries side by side, as many as there are workers; each has its own answer or its own problem.
    private func answer(
        _ items: [Wanted],
        wish: PredictionWish,
        _ request: IncomingRequest
    ) async throws -> Response {
        let width = max(1, await parts.media.load().workers)
        let results = try await request.peer.whilePresent { [media = parts.media] in
            try await withThrowingTaskGroup(of: (Int, Result<Data, any Error>).self) { group in
                var results = [Result<Data, any Error>?](repeating: nil, count: items.count)
                var waiting = items.indices.makeIterator()
                func startNext() {
                    guard let index = waiting.next() else { return }
                    group.addTask {
                        let item = items[index]
                        do {
                            let place = "items[\(index)]."
                            let own = item.wish.or(wish)
                            let (job, _) = try await self.job(of: item, wish: own, in: place, request)
                            return (index, .success(try await media.emotion(of: job) { _ in }))
                        } catch {
                            return (index, .failure(error))
                        }
                    }
                }
                for _ in 0..<width { startNext() }
                while let (index, result) = try await group.next() {
                    results[index] = result
                    try Task.checkCancellation()
                    startNext()
                }
                return results
            }
        }
        let failures = results.compactMap { result -> RequestFailure? in
            guard case .failure(let failure as RequestFailure)? = result, failure.code == .busy else { return nil }
            return failure
        }
        // A batch of which nothing could be read because others were there first is better asked again as a whole.
        if failures.count == items.count, let first = failures.first { throw first }
        var json = Data("[".utf8)
        for (index, result) in results.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            switch result {
            case .success(let document)?: json += document
            case .failure(let error)?:
                let failure = ProblemMapping.map(error)
                if failure.problem.status >= 500 {
                    request.logger.log(
                        level: failure.level,
                        "entry of a batch failed",
                        metadata: ["entry": "\(index)", "error": "\(error)"]
                    )
                }
                json += try DocumentJSON.encode(Refused(error: failure.problem))
            case nil: break
            }
        }
        return Wire.json(json + Data("]".utf8))
    }

    // MARK: Forms

    /// Files that come with the request; they are gone when it is answered, or when they were read in the background.
    private func answer(form request: IncomingRequest) async throws -> Response {
        let wish = try PredictionWish(request.target)
        let client = PeerAddress.bucket(request.peer.address)
        try forms.enter(client)
        defer { forms.leave(client) }
        let form = try await parts.uploads.receive(
            form: request.body,
            contentType: request.headers[.contentType] ?? "",
            plan: UploadFormPlan(files: ["file": nil, "audio": .audio, "video": .video, "image": .image]),
            declaredBytes: request.body.announced
        )
        measures.count(.uploads, Int64(form.uploads.count))
        let bytes = form.uploads.values.reduce(0) { $0 + $1.bytes }
        measures.count(.uploadedBytes, bytes)
        let owned = form.uploads.values.map(\.id)
        let result: Result<Response, any Error>
        do {
            var job = try job(of: form)
            job.client = client
            wish.or(try PredictionWish(fields: form.fields)).apply(to: &job)
            let response = try await answer(job, bytes: bytes, owned: owned, request)
            // Whoever reads them in the background removes them.
            if response.status == .accepted { return response }
            result = .success(response)
        } catch {
            result = .failure(error)
        }
        for upload in owned { try await parts.uploads.remove(upload) }
        return try result.get()
    }

    private func job(of form: UploadForm) throws -> EmotionJob {
        var job = EmotionJob()
        for upload in form.uploads.values {
            switch upload.kind {
            case .audio: job.audio = upload.path
            case .video: job.video = upload.path
            case .image: job.image = upload.path
            case .unknown: throw Problem(415, "“\(upload.name)” is no picture, sound or video.")
            }
        }
        let order: [MediaKind] = [.video, .image, .audio]
        job.name = order.lazy.compactMap { kind in form.uploads.values.first { $0.kind == kind } }.first?.name ?? ""
        return job
    }

    // MARK: At once or later

    private enum Mode {
        case atOnce
        case background
        /// As long as it is short.
        case open
    }

    /// When the client wants the answer.
    private func mode(_ request: IncomingRequest) throws -> Mode {
        if let text = request.target["async"] {
            return try PredictionWish.flag(text, "async") ? .background : .atOnce
        }
        return Self.prefersLater(request.headers) ? .background : .open
    }

    private static func prefersLater(_ headers: HTTPFields) -> Bool {
        headers[values: .prefer].flatMap { $0.split(separator: ",") }
            .contains { $0.trimmingCharacters(in: .whitespaces).lowercased() == "respond-async" }
    }

    /// Answers with the emotion, or with where it will be.
    private func answer(
        _ job: EmotionJob,
        bytes: Int64,
        owned: [String],
        _ request: IncomingRequest
    ) async throws -> Response {
        let mode = try mode(request)
        var isLong = false
        if mode == .open, job.deadline == nil, bytes > limits.small {
            isLong = await length(of: job) ?? .zero > limits.long
        }
        guard mode == .background || isLong else {
            let result = try await request.peer.whilePresent { [media = parts.media] in
                try await media.emotion(of: job) { _ in }
            }
            return Wire.json(result)
        }
        var job = job
        // A deadline is a promise to somebody who waits.
        job.deadline = nil
        let document = try await predictions.add(job, owned: owned)
        var headers: HTTPFields = [.location: "/api/predictions/\(document.id)"]
        if Self.prefersLater(request.headers) { headers[.preferenceApplied] = "respond-async" }
        return Wire.json(try document.json(), status: .accepted, headers: headers)
    }

    /// How long the longest of a job's files is; nil where that cannot be found out now.
    private func length(of job: EmotionJob) async -> Duration? {
        var longest: Duration?
        for path in [job.video, job.audio].compactMap(\.self) {
            // A file that cannot be read is reported by whoever reads it next.
            guard let info = try? await parts.media.probe(path: path) else { continue }
            longest = max(longest ?? .zero, info.interval.duration)
        }
        return longest
    }
}
