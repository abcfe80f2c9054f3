/// What a client is told about a resumable upload: status and headers; bodies are empty but for a refusal's.
package struct TusAnswer: Sendable {
    /// What came of the request.
    package enum Outcome: Sendable {
        /// What the server can do.
        case capabilities
        /// The file was announced; it has this address.
        case created(TusState, location: String)
        /// How far it is.
        case progress(TusState)
        /// Bytes were taken.
        case appended(TusState)
        /// It is forgotten.
        case terminated
        /// Nothing was done.
        case refused(UploadError)
    }

    /// What came of the request.
    package let outcome: Outcome
    /// Largest file, for the capabilities.
    package let maximumBytes: Int64

    /// Puts an outcome into words.
    package init(_ outcome: Outcome, maximumBytes: Int64) {
        self.outcome = outcome
        self.maximumBytes = maximumBytes
    }

    /// The upload if this request finished it, or it was finished before.
    package var upload: Upload? {
        switch outcome {
        case .created(let state, _), .progress(let state), .appended(let state): state.upload
        case .capabilities, .terminated, .refused: nil
        }
    }

    /// Why nothing was done, for the body of the response.
    package var failure: UploadError? { if case .refused(let error) = outcome { error } else { nil } }

    /// The status of the response.
    package var status: Int {
        switch outcome {
        case .capabilities, .appended, .terminated: 204
        case .created: 201
        case .progress: 200
        case .refused(let error): error.httpStatus
        }
    }

    /// The headers of the response.
    package var headers: [HTTPField] {
        var fields = [HTTPField("Tus-Resumable", TusRequest.version)]
        switch outcome {
        case .capabilities:
            fields += [
                HTTPField("Tus-Version", TusRequest.version),
                HTTPField("Tus-Max-Size", "\(maximumBytes)"),
                HTTPField("Tus-Extension", "creation,creation-with-upload,termination,expiration,checksum"),
                HTTPField(
                    "Tus-Checksum-Algorithm",
                    TusChecksum.Algorithm.allCases.map(\.rawValue).joined(separator: ",")
                ),
            ]
        case .created(let state, let location):
            fields += [HTTPField("Location", location), HTTPField("Upload-Offset", "\(state.offset)")]
            fields += Self.expiry(state)
        case .progress(let state):
            fields += [
                HTTPField("Upload-Offset", "\(state.offset)"),
                HTTPField("Upload-Length", "\(state.length)"),
                HTTPField("Cache-Control", "no-store"),
            ]
            if let metadata = state.metadata { fields.append(HTTPField("Upload-Metadata", metadata)) }
            fields += Self.expiry(state)
        case .appended(let state):
            fields.append(HTTPField("Upload-Offset", "\(state.offset)"))
            fields += Self.expiry(state)
        case .terminated: break
        case .refused(let error):
            if error.code == .wrongVersion { fields.append(HTTPField("Tus-Version", TusRequest.version)) }
            if error.code == .tooLarge { fields.append(HTTPField("Tus-Max-Size", "\(maximumBytes)")) }
            if error.code == .busy { fields.append(HTTPField("Retry-After", "60")) }
        }
        return fields
    }

    private static func expiry(_ state: TusState) -> [HTTPField] {
        state.expiresAt.map { [HTTPField("Upload-Expires", HTTPDate.text($0))] } ?? []
    }
}
