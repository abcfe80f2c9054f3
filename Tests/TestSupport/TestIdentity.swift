package import Foundation
package import NIOSSL

/// A key and a certificate that signs itself, made for one test.
package struct TestIdentity: Sendable {
    /// What a client must trust.
    package let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey
    private let files: (certificate: Data, key: Data)

    /// Makes a key and a certificate with the `openssl` program.
    ///
    /// - Parameter name: The DNS name that the certificate is for.
    /// - Throws: Where the program is not there or fails.
    package init(name: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hypeclip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let key = folder.appending(path: "key.pem")
        let certificate = folder.appending(path: "certificate.pem")
        let program = Process()
        program.executableURL = URL(filePath: "/usr/bin/env")
        program.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", key.path, "-out",
            certificate.path,
        ]
        program.standardError = FileHandle.nullDevice
        try await program.runToEnd()
        files = (try Data(contentsOf: certificate), try Data(contentsOf: key))
        self.key = try NIOSSLPrivateKey(bytes: Array(files.key), format: .pem)
        self.certificate = try NIOSSLCertificate(bytes: Array(files.certificate), format: .pem)
    }

    /// What a server needs.
    package func context() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(key)
            )
        )
    }

    /// What a client needs that trusts this certificate and no other.
    package func clientContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([certificate])
        return try NIOSSLContext(configuration: configuration)
    }

    /// Writes certificate and key as PEM files.
    ///
    /// - Parameter folder: Where to put them.
    /// - Returns: Their paths.
    /// - Throws: What writing throws.
    package func write(to folder: URL) throws -> (certificate: String, key: String) {
        let certificate = folder.appending(path: "certificate.pem")
        let key = folder.appending(path: "key.pem")
        try files.certificate.write(to: certificate)
        try files.key.write(to: key)
        return (certificate.path, key.path)
    }
}
