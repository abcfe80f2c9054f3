import NIOCore
import NIOSSL

/// Reads the certificate that makes the server speak TLS.
enum ServerCertificate {
    /// Reads the files.
    ///
    /// - Parameter files: Paths of the chain and the key.
    /// - Returns: What TLS needs: version 1.2 or later.
    /// - Throws: ``ServerFailure`` with ``ServerFailure/Code/certificate``.
    static func context(_ files: ServerSettings.Certificate) throws(ServerFailure) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.chain)
            guard !chain.isEmpty else {
                throw ServerFailure(.certificate, "\(files.chain) holds no certificate in PEM form.")
            }
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            // NIO waits so long for a client that has closed already, where clients may close one direction only; the end of
            // the server waits for it too.
            configuration.shutdownTimeout = .seconds(1)
            return try NIOSSLContext(configuration: configuration)
        } catch let failure as ServerFailure {
            throw failure
        } catch {
            throw ServerFailure(
                .certificate,
                "The certificate \(files.chain) and the key \(files.key) cannot be used together: both must be readable "
                    + "PEM files that belong to each other.",
                cause: error
            )
        }
    }
}
