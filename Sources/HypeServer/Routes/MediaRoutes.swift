import HTTPTypes
import HummingbirdCore
import HypeCore
import HypeStore
import HypeUploads

extension RouteCatalogue {
    /// Clips' files.
    var mediaRoutes: [Route] {
        ClipPart.allCases.map { part in
            Route(.get, "/api/clip/{id}/\(part.rawValue)", .read) { [parts] request in
                let id = try request.identifier()
                guard let found = try await parts.clips.file(part, of: id) else {
                    throw Problem(404, "The clip has no \(part.rawValue).")
                }
                let file = try await ServedFile.open(found.path)
                var resource = MediaResource(
                    size: file.size,
                    mediaType: found.mediaType,
                    entityTag: "\"\(found.file.sha256.prefix(32))\"",
                    modified: file.modified
                )
                resource.cacheControl = "private, no-cache"
                if try request.target.integer("download", in: 0...1) == 1 {
                    resource.isAttachment = true
                    let ending = found.file.path.split(separator: ".").last.map { ".\($0)" } ?? ""
                    // A stroke in a title is no folder.
                    let title = try await parts.store.clip(id)?.title ?? id
                    resource.name = String(title.map { $0 == "/" || $0 == "\\" ? "-" : $0 }) + ending
                }
                let plan = MediaResponsePlan(method: request.method.rawValue, resource: resource) { name in
                    HTTPTypes.HTTPField.Name(name).flatMap { request.headers[$0] }
                }
                return try Self.response(plan, file)
            }
        }
    }

    private static func response(_ plan: MediaResponsePlan, _ file: ServedFile) throws -> Response {
        var headers = HTTPFields(plan.headers)
        if plan.status >= 400 {
            headers[.contentLength] = nil
            let detail = plan.status == 416 ? "The file has no such bytes." : "The file has changed meanwhile."
            throw HeaderedProblem(problem: Problem(plan.status, detail), headers: headers)
        }
        let status = HTTPResponse.Status(code: plan.status)
        guard !plan.pieces.isEmpty else { return Response(status: status, headers: headers) }
        let chunks = file.chunks(plan)
        let length = headers[.contentLength].flatMap { Int($0) }
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(contentLength: length) { writer in
                for try await chunk in chunks { try await writer.write(chunk) }
                try await writer.finish(nil)
            }
        )
    }
}

extension HTTPFields {
    /// Takes header fields that were planned as text.
    init(_ planned: [HypeUploads.HTTPField]) {
        self.init()
        for field in planned {
            if let name = HTTPTypes.HTTPField.Name(field.name) {
                append(HTTPTypes.HTTPField(name: name, value: field.value))
            }
        }
    }
}
