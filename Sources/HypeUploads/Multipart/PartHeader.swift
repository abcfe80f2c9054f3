/// What a part of a form says about itself.
package struct PartHeader: Hashable, Sendable {
    /// Name of the form's field.
    package let name: String
    /// The client's name for the file as it came (untrusted: see ``DisplayName``), or nil for a plain field.
    package let fileName: String?
    /// What the client takes the content for, in lower case and without parameters; untrusted.
    package let contentType: String?

    /// Describes a part.
    package init(name: String, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }

    /// Reads the lines between a delimiter and the part's content.
    ///
    /// - Parameter bytes: The lines, without the empty one.
    /// - Throws: ``UploadError`` `badRequest`.
    init(parsing bytes: [UInt8]) throws(UploadError) {
        var disposition: HeaderParameters?
        var contentType: String?
        for (name, value) in try Self.lines(bytes) {
            switch name {
            case "content-disposition":
                guard disposition == nil, let parameters = HeaderParameters(value) else {
                    throw Self.broken("has no readable Content-Disposition")
                }
                disposition = parameters
            case "content-type":
                contentType = HeaderParameters(value)?.value ?? ""
            case "content-transfer-encoding":
                // Deprecated by RFC 7578 §4.7; taking encoded bytes for the file would store something else.
                let encoding = String(decoding: HeaderParameters.trimmed(value), as: UTF8.self).lowercased()
                guard ["binary", "8bit", "7bit"].contains(encoding) else {
                    throw Self.broken("is encoded; send its bytes as they are")
                }
            default: break
            }
        }
        guard let disposition, disposition.value == "form-data", let name = disposition["name"] else {
            throw Self.broken("has no Content-Disposition: form-data with a name")
        }
        let extended = disposition["filename*"].flatMap(HeaderText.extended)
        self.init(
            name: HeaderText.formName(name),
            fileName: extended ?? disposition["filename"].map(HeaderText.formName),
            contentType: contentType.flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    private static func lines(_ bytes: [UInt8]) throws(UploadError) -> [(name: String, value: ArraySlice<UInt8>)] {
        var lines: [(name: String, value: ArraySlice<UInt8>)] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != 0x0d }
            rest = rest[line.endIndex...]
            if !rest.isEmpty {
                guard rest.dropFirst().first == 0x0a else { throw broken("has a header with a bare carriage return") }
                rest = rest.dropFirst(2)
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
                throw broken("has a header without a colon")
            }
            let name = line[..<colon]
            guard !name.isEmpty, name.allSatisfy(HeaderParameters.isToken), !line.contains(0x0a), !line.contains(0)
            else {
                throw broken("has a header with a wrong name, a continued line or a control character")
            }
            let value = HeaderParameters.trimmed(line[(colon + 1)...])
            lines.append((String(decoding: name, as: UTF8.self).lowercased(), value))
        }
        return lines
    }

    private static func broken(_ what: String) -> UploadError {
        UploadError(.badRequest, "A part of the form \(what); see RFC 7578.")
    }
}
