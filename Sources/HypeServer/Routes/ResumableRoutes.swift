import HTTPTypes
import HummingbirdCore
import HypeUploads

extension RouteCatalogue {
    /// Uploads that go on where they stopped (tus 1.0).
    var resumableRoutes: [Route] {
        [
            Route(.options, "/api/uploads", .open) { try await resume($0) },
            Route(.post, "/api/uploads", .change) { request in
                try gatekeeper.beginUpload(from: request.peer.address)
                return try await resume(request)
            },
            Route(.head, "/api/uploads/{id}", .read) { try await resume($0) },
            Route(.patch, "/api/uploads/{id}", .change) { try await resume($0) },
            Route(.delete, "/api/uploads/{id}", .change) { try await resume($0) },
        ]
    }

    private func resume(_ request: IncomingRequest) async throws -> Response {
        let before = request.body.received
        let answer = try await TusUploads(parts.uploads).answer(
            method: request.method.rawValue,
            id: request.parameters["id"],
            body: request.body,
            location: { "/api/uploads/\($0)" },
            header: { name in HTTPTypes.HTTPField.Name(name).flatMap { request.headers[$0] } }
        )
        measures.count(.uploadedBytes, request.body.received - before)
        if answer.upload != nil, request.method == .patch || request.method == .post { measures.count(.uploads) }
        let headers = HTTPFields(answer.headers)
        if let failure = answer.failure {
            throw HeaderedProblem(problem: Problem(answer.status, failure.message), headers: headers, cause: failure)
        }
        return Response(status: HTTPResponse.Status(code: answer.status), headers: headers)
    }
}
