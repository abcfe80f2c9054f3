import HypeUploads
import Testing

@Suite
struct PartHeaderTests {
    private func header(_ disposition: String, charset: [UInt8]? = nil) throws -> PartHeader {
        let text = "--B\r\nContent-Disposition: \(disposition)\r\n\r\n\r\n--B--"
        return try #require(try ParsedForm.parse(Array(text.utf8), boundary: "B").parts.first).header
    }

    @Test(arguments: [
        ("form-data; name=file; filename=plain.mp4", "plain.mp4"),
        ("form-data; name=\"file\"; filename=\"with \\\"quotes\\\".mp4\"", "with \"quotes\".mp4"),
        ("FORM-DATA; NAME=\"file\"; FileName=\"Case.MP4\"", "Case.MP4"),
        ("form-data; name=\"file\"; filename=\"%22browser%22%0D%0A.mp4\"", "\"browser\"\r\n.mp4"),
        ("form-data; name=\"file\"; filename=\"100%25.mp4\"", "100%25.mp4"),
        ("form-data; name=\"file\"; filename=\"C:\\dir\\clip.mp4\"", "C:\\dir\\clip.mp4"),
        ("form-data; name=\"file\"; filename=\"a;b=c.mp4\"", "a;b=c.mp4"),
        ("form-data; name=\"file\"; filename=\"ねこ 🐈.mp4\"", "ねこ 🐈.mp4"),
        ("form-data; name=\"file\"; filename=\"\"", ""),
        ("form-data; name=\"file\"; filename=\"old\"; filename*=UTF-8''%e2%82%ac%20rates.mp4", "€ rates.mp4"),
        ("form-data; name=\"file\"; filename*=iso-8859-1'en'%A3.mp4; filename=\"old\"", "£.mp4"),
        ("form-data; name=\"file\"; filename=\"kept\"; filename*=UTF-8''%ff", "kept"),
        ("form-data; name=\"file\"; filename=\"kept\"; filename*=koi8-r''abc", "kept"),
        ("form-data; name=\"file\"; filename=\"kept\"; filename*=UTF-8''%4", "kept"),
        ("form-data; name=\"file\"; filename=\"kept\"; filename*=UTF-8''%+4", "kept"),
    ])
    func readsFileNames(_ disposition: String, _ name: String) throws {
        let header = try header(disposition)
        #expect(header.name == "file")
        #expect(header.fileName == name)
    }

    @Test
    func readsLatin1WhereItIsNoUTF8() throws {
        let head = Array("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"caf".utf8)
        let bytes = head + [0xe9] + Array(".mp4\"\r\n\r\n\r\n--B--".utf8)
        #expect(try ParsedForm.parse(bytes, boundary: "B").parts.first?.header.fileName == "café.mp4")
    }

    @Test
    func readsTheTypeWithoutItsParameters() throws {
        let text =
            "--B\r\ncontent-type: Video/MP4; codecs=\"avc1\"\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--B--"
        #expect(try ParsedForm.parse(Array(text.utf8), boundary: "B").parts.first?.header.contentType == "video/mp4")
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;boundary=\"a b'c\"", "a b'c"),
        (
            "multipart/form-data; charset=utf-8; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
            "----WebKitFormBoundary7MA4YWxkTrZu0gW"
        ),
    ])
    func readsBoundaries(_ contentType: String, _ boundary: String) throws {
        #expect(try MultipartBoundary(contentType: contentType).text == boundary)
    }

    @Test(arguments: [
        ("application/json", UploadError.Code.unsupportedType), ("", .unsupportedType),
        ("multipart/mixed; boundary=a", .unsupportedType), ("multipart/form-data", .badRequest),
        ("multipart/form-data; boundary=", .badRequest), ("multipart/form-data; boundary=\"a \"", .badRequest),
        ("multipart/form-data; boundary=\"a\\\"\"", .badRequest), ("multipart/form-data; boundary=a\r\nb", .badRequest),
        ("multipart/form-data; boundary=ä", .badRequest),
        ("multipart/form-data; boundary=" + String(repeating: "a", count: 71), .badRequest),
        ("multipart/form-data; boundary=a; boundary=b", .unsupportedType),
    ])
    func refusesBoundaries(_ contentType: String, _ code: UploadError.Code) {
        let failure = #expect(throws: UploadError.self) { try MultipartBoundary(contentType: contentType) }
        #expect(failure?.code == code)
    }
}
