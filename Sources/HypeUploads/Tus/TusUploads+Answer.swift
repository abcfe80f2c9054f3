package import NIOCore

extension TusUploads {
    /// Does what a request asks, and says what to answer; so a route is one line.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - id: The upload in the address, nil for the address of all uploads.
    ///   - expected: What a new file must be, or nil for anything.
    ///   - body: The request's body.
    ///   - location: The address of an upload by its id, for a new one.
    ///   - header: The value of a header, by its name without regard to case.
    /// - Returns: The answer, also for a failure.
    /// - Throws: `CancellationError`.
    package func answer<Body: AsyncSequence & Sendable>(
        method: String,
        id: String?,
        expected: MediaKind? = nil,
        body: Body,
        location: (String) -> String,
        header: (String) -> String?
    ) async throws -> TusAnswer where Body.Element == ByteBuffer {
        let outcome: TusAnswer.Outcome
        do {
            let request = try TusRequest(method: method, isCollection: id == nil, header: header)
            let declared = header("Content-Length").flatMap { Int64($0) }
            outcome = try await perform(
                request,
                id: id ?? "",
                expected: expected,
                declared: declared,
                body: body,
                location: location
            )
        } catch let error as UploadError {
            outcome = .refused(error)
        }
        return TusAnswer(outcome, maximumBytes: limits.bytes)
    }

    private func perform<Body: AsyncSequence & Sendable>(
        _ request: TusRequest,
        id: String,
        expected: MediaKind?,
        declared: Int64?,
        body: Body,
        location: (String) -> String
    ) async throws -> TusAnswer.Outcome where Body.Element == ByteBuffer {
        switch request {
        case .capabilities: return .capabilities
        case .head: return .progress(try await head(id))
        case .append(let offset, let checksum):
            let state = try await append(id, offset: offset, checksum: checksum, declaredBytes: declared, body: body)
            return .appended(state)
        case .terminate:
            try await terminate(id)
            return .terminated
        case .create(let length, let metadata, let carriesBytes, let checksum):
            var state = try await create(length: length, metadata: metadata, expected: expected)
            if carriesBytes, state.upload == nil {
                state = try await append(state.id, offset: 0, checksum: checksum, declaredBytes: declared, body: body)
            }
            return .created(state, location: location(state.id))
        }
    }
}
