import Foundation
import NIOSSL
import Testing

/// A key and a certificate that signs itself, made for one test.
struct TestIdentity {
    let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey

    /// Makes a key and a certificate with the `openssl` program.
    ///
    /// - Parameter name: The DNS name that the certificate is for.
    /// - Throws: Where the program is not there or fails.
    init(name: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hypeclip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = folder.appending(path: "key.pem").path(percentEncoded: false)
        let certificate = folder.appending(path: "certificate.pem").path(percentEncoded: false)
        let program = Process()
        program.executableURL = URL(filePath: "/usr/bin/env")
        program.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", key, "-out", certificate,
        ]
        program.standardError = FileHandle.nullDevice
        try await program.runToEnd()
        self.key = try NIOSSLPrivateKey(file: key, format: .pem)
        self.certificate = try #require(try NIOSSLCertificate.fromPEMFile(certificate).first)
    }

    /// What a server needs.
    func context() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(key)
            )
        )
    }
}
