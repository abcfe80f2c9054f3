import NIOCore

/// A form on its way from the sender to the disk: the files to files, the texts to memory, within limits.
struct FormReception: Sendable {
    private enum Part {
        case file(field: String)
        case text(field: String, bytes: [UInt8])
    }

    private let plan: UploadFormPlan
    private let store: UploadStorage
    private let begin: @Sendable () throws(UploadError) -> UploadID
    private var parser: MultipartParser
    private var part: Part?
    private var files: [String: FileReception] = [:]
    private var fields: [String: String] = [:]
    private var fieldBytes = 0

    /// Prepares a form.
    ///
    /// - Parameters:
    ///   - boundary: What stands between its parts.
    ///   - plan: Which of them are files.
    ///   - store: Where those go.
    ///   - begin: Gives a new id for each file and notes that it is being written.
    init(
        boundary: MultipartBoundary,
        plan: UploadFormPlan,
        store: UploadStorage,
        begin: @escaping @Sendable () throws(UploadError) -> UploadID
    ) {
        self.plan = plan
        self.store = store
        self.begin = begin
        parser = MultipartParser(
            boundary: boundary,
            limits: MultipartParser.Limits(parts: store.limits.parts, headerBytes: store.limits.headerBytes)
        )
    }

    /// Takes a piece of the body.
    mutating func take(_ bytes: ByteBuffer) async throws(UploadError) {
        parser.feed(bytes)
        while let event = try parser.next() {
            switch event {
            case .partBegan(let header): try await beginPart(header)
            case .body(let bytes): try await takeContent(bytes)
            case .partEnded:
                if case .text(let field, let bytes) = part { fields[field] = HeaderText.decoded(bytes) }
                part = nil
            case .finished: break
            }
        }
    }

    /// Ends the form and makes its files uploads.
    ///
    /// - Throws: ``UploadError``; then the files that were stored already are removed again.
    mutating func finish() async throws(UploadError) -> UploadForm {
        try parser.finish()
        guard !plan.needsFile || !files.isEmpty else {
            let names = plan.files.keys.sorted().map { "“\($0)”" }.joined(separator: " or ")
            throw UploadError(.badRequest, "The form has no file in a field named \(names); send one, as curl -F does.")
        }
        var uploads: [String: Upload] = [:]
        do {
            for field in files.keys.sorted() { uploads[field] = try await files[field]?.finish() }
        } catch {
            await remove(Array(uploads.values))
            throw error
        }
        return UploadForm(uploads: uploads, fields: fields)
    }

    /// Removes what came of a form that will not be whole.
    func discard() async {
        for file in files.values { await file.discard() }
    }

    private func remove(_ uploads: [Upload]) async {
        let folder = store.folder
        // A file that cannot be removed is not reported over the failure that led here; the next sweep finds it.
        try? await store.threads.run { () throws(UploadError) in
            for upload in uploads {
                if let id = UploadID(upload.id) { try folder.remove(upload, id: id) }
            }
        }
    }

    private mutating func beginPart(_ header: PartHeader) async throws(UploadError) {
        guard let expected = plan.files[header.name] else {
            guard header.fileName == nil else {
                let names = plan.files.keys.sorted().map { "“\($0)”" }.joined(separator: " or ")
                throw UploadError(
                    .badRequest,
                    "The field “\(DisplayName(header.name))” holds a file; files go into a field named \(names)."
                )
            }
            part = .text(field: header.name, bytes: [])
            return
        }
        guard files[header.name] == nil else {
            throw UploadError(
                .badRequest,
                "The form has two files in the field “\(header.name)”; send them one by one."
            )
        }
        files[header.name] = try await FileReception(
            id: try begin(),
            name: header.fileName ?? header.name,
            label: header.contentType,
            expected: expected,
            store: store
        )
        part = .file(field: header.name)
    }

    private mutating func takeContent(_ bytes: ByteBuffer) async throws(UploadError) {
        switch part {
        case .file(let field): try await files[field]?.take(bytes)
        case .text(let field, var text):
            fieldBytes += bytes.readableBytes
            guard fieldBytes <= store.limits.fieldBytes else {
                throw UploadError(
                    .tooLarge,
                    "The form's text is longer than \(store.limits.fieldBytes) bytes; shorten it."
                )
            }
            part = nil  // So that the text is not copied for each piece.
            text.append(contentsOf: bytes.readableBytesView)
            part = .text(field: field, bytes: text)
        case nil: break
        }
    }
}
