import NIOCore

/// A form in the bytes that curl sends (`curl -F field=value -F file=@path`), which browsers send too but for the boundary.
struct TestForm {
    /// As curl makes it: hyphens and 22 random characters.
    static let curlBoundary = "------------------------8Fk2mYtQ0aZcV1xWbN3pLs"

    var boundary = Self.curlBoundary
    private var body: [UInt8] = []

    init(boundary: String = Self.curlBoundary) { self.boundary = boundary }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    mutating func add(field: String, _ text: String) {
        add(["Content-Disposition: form-data; name=\"\(field)\""], Array(text.utf8))
    }

    mutating func add(
        field: String = "file",
        fileName: String,
        type: String? = "application/octet-stream",
        _ content: [UInt8]
    ) {
        var lines = ["Content-Disposition: form-data; name=\"\(field)\"; filename=\"\(fileName)\""]
        if let type { lines.append("Content-Type: \(type)") }
        add(lines, content)
    }

    mutating func add(_ lines: [String], _ content: [UInt8]) {
        body += Array("--\(boundary)\r\n".utf8) + Array(lines.joined(separator: "\r\n").utf8)
        body += Array("\r\n\r\n".utf8) + content + [0x0d, 0x0a]
    }

    /// The whole body.
    var bytes: [UInt8] { body + Array("--\(boundary)--\r\n".utf8) }

    static func file(_ content: [UInt8], name: String = "clip.bin", type: String? = nil) -> TestForm {
        var form = TestForm()
        form.add(fileName: name, type: type, content)
        return form
    }
}
