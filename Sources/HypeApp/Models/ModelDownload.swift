package import Foundation
package import HypeCatalogue
import Synchronization

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Fetches one file from its pinned address.
///
/// Goes on where an earlier attempt ended, if the server can (RFC 9110, range requests), and tries again by itself while
/// the connection breaks but every attempt brings something.
package struct ModelDownload: Sendable {
    /// Attempts for one file at most.
    private static let attemptLimit = 8
    /// Silence after which a connection counts as dead.
    private static let silenceLimit = 30.0

    private let address: URL
    private let file: PartialFile
    private let expected: FileFacts

    /// Prepares a download.
    ///
    /// - Parameters:
    ///   - address: Where the file is: `https`, or `http` on this machine's loopback.
    ///   - file: Takes the bytes.
    ///   - expected: What the file must be; more bytes than that are not taken.
    /// - Throws: ``AppFailure`` for any other address.
    package init(address: URL, file: PartialFile, expected: FileFacts) throws {
        guard Self.isAllowed(address) else {
            throw AppFailure(.failed, "\(address) is not an https address; nothing was fetched.")
        }
        self.address = address
        self.file = file
        self.expected = expected
    }

    /// Fetches all bytes that are missing.
    ///
    /// - Parameter progress: Called with the bytes that are there, after each piece.
    /// - Throws: ``AppFailure`` with the remedy, or `CancellationError`; what had arrived stays for the next attempt.
    package func run(progress: @escaping @Sendable (Int64) -> Void) async throws {
        if file.count > expected.bytes { try file.restart() }
        for attempt in 1... {
            let before = file.count
            if before == expected.bytes { return }
            do {
                try await fetch(from: before, progress: progress)
            } catch let interruption as Interruption {
                try Task.checkCancellation()
                switch interruption {
                case .startAnew where attempt < Self.attemptLimit:
                    try file.restart()
                case .broken(let reason):
                    guard file.count > before, attempt < Self.attemptLimit else { throw unreachable(reason) }
                case .startAnew:
                    throw unreachable("it does not send the file from its beginning")
                }
            }
        }
    }

    /// Whether a file may be fetched from an address, or a server may send us there.
    package static func isAllowed(_ address: URL) -> Bool {
        switch address.scheme?.lowercased() {
        case "https": true
        case "http": ["127.0.0.1", "localhost", "[::1]", "::1"].contains(address.host()?.lowercased() ?? "")
        default: false
        }
    }

    /// What makes another attempt worthwhile.
    private enum Interruption: Error {
        case startAnew
        case broken(String)
    }

    private func fetch(from offset: Int64, progress: @escaping @Sendable (Int64) -> Void) async throws {
        var request = URLRequest(url: address)
        request.timeoutInterval = Self.silenceLimit
        request.cachePolicy = .reloadIgnoringLocalCacheData
        // A packed transfer would have other lengths and ranges.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
        let receiver = Receiver(file: file, expected: expected, offset: offset, progress: progress)
        let session = URLSession(configuration: .ephemeral, delegate: receiver, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        let task = session.dataTask(with: request)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                receiver.whenDone { continuation.resume(returning: $0) }
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        try Task.checkCancellation()
        switch outcome {
        case .done where file.count == expected.bytes: return
        case .done: throw Interruption.broken("the connection ended early")
        case .unusableRange: throw Interruption.startAnew
        case .refused(let failure): throw failure
        case .status(let status): throw unavailable(status)
        case .insecure(let target):
            throw AppFailure(
                .failed,
                "\(address) sends us on to \(target), which is not https; nothing was fetched. \(byHand)"
            )
        case .otherSize(let bytes):
            throw AppFailure(
                .failed,
                "\(address) holds \(bytes) bytes instead of the \(expected.bytes) that are pinned; nothing was fetched. "
                    + "\(byHand)"
            )
        case .network(let reason): throw Interruption.broken(reason)
        }
    }

    private func unavailable(_ status: Int) -> AppFailure {
        let what =
            switch status {
            case 404, 410: "The file is not at \(address) any more (status \(status))."
            case 401, 403: "The server does not hand out \(address) (status \(status))."
            case 500...: "The server of \(address) has a problem (status \(status)); try again later."
            default: "\(address) cannot be fetched (status \(status))."
            }
        return AppFailure(.failed, "\(what) \(byHand)")
    }

    private func unreachable(_ reason: String) -> AppFailure {
        let kept =
            file.count > 0 ? " The \(file.count) bytes that arrived are kept: the same command goes on there." : ""
        return AppFailure(
            .failed,
            "\(address.host() ?? "The server") cannot be reached: \(reason). Check the network.\(kept) \(byHand)"
        )
    }

    private var byHand: String {
        "Or bring the file \(file.destination.lastPathComponent) by another way, and say where it is: "
            + "hypeclip models pull --from FOLDER …"
    }
}

/// Takes what a server sends and says how it ended.
private final class Receiver: NSObject, URLSessionDataDelegate {
    /// How a request ended.
    enum Outcome: Sendable {
        /// The server sent all it wanted to.
        case done
        /// The server cannot go on where we want it to.
        case unusableRange
        /// The bytes could not be written.
        case refused(any Error)
        /// The server does not give the file.
        case status(Int)
        /// The server sends us to an address that is not allowed.
        case insecure(String)
        /// The file is of another size than pinned.
        case otherSize(Int64)
        /// The network failed.
        case network(String)
    }

    private struct State {
        var verdict: Outcome?
        var completion: (@Sendable (Outcome) -> Void)?
    }

    private let file: PartialFile
    private let expected: FileFacts
    private let offset: Int64
    private let progress: @Sendable (Int64) -> Void
    private let state = Mutex(State())

    init(
        file: PartialFile,
        expected: FileFacts,
        offset: Int64,
        progress: @escaping @Sendable (Int64) -> Void
    ) {
        self.file = file
        self.expected = expected
        self.offset = offset
        self.progress = progress
    }

    /// Sets what is called once, when the request has ended.
    func whenDone(_ completion: @escaping @Sendable (Outcome) -> Void) {
        state.withLock { $0.completion = completion }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        guard let target = request.url, ModelDownload.isAllowed(target) else {
            // Cancelling here would crash swift-corelibs-foundation; without a request the task ends by itself.
            note(.insecure(request.url?.absoluteString ?? "nowhere"))
            completionHandler(nil)
            return
        }
        var request = request
        if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
        completionHandler(request)
    }

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        if let verdict = judge(response) {
            end(dataTask, verdict)
            completionHandler(.cancel)
        } else {
            completionHandler(.allow)
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        guard state.withLock({ $0.verdict == nil }) else { return }
        guard file.count + Int64(data.count) <= expected.bytes else {
            return end(dataTask, .otherSize(file.count + Int64(data.count)))
        }
        do {
            try file.append(data)
            progress(file.count)
        } catch {
            end(dataTask, .refused(error))
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let (completion, verdict) = state.withLock { state in
            defer { state.completion = nil }
            return (state.completion, state.verdict)
        }
        completion?(verdict ?? error.map { .network(Self.words(for: $0)) } ?? .done)
    }

    /// What is wrong with a response, or nil.
    private func judge(_ response: URLResponse) -> Outcome? {
        guard let response = response as? HTTPURLResponse else { return .network("the answer is not HTTP") }
        let length = response.value(forHTTPHeaderField: "Content-Length").flatMap { Int64($0) }
        switch response.statusCode {
        case 200:
            if let length, length != expected.bytes { return .otherSize(length) }
            // Some servers send all of it although a part was asked for.
            do { try file.restart() } catch { return .refused(error) }
            return nil
        case 206:
            let range = response.value(forHTTPHeaderField: "Content-Range") ?? ""
            guard let parts = range.firstMatch(of: /^bytes (\d+)-\d+\/(\d+|\*)$/), Int64(parts.1) == file.count else {
                return .unusableRange
            }
            if let total = Int64(parts.2), total != expected.bytes { return .otherSize(total) }
            return nil
        case 416: return .unusableRange
        default: return .status(response.statusCode)
        }
    }

    /// Keeps the first verdict and ends the task.
    private func end(_ task: URLSessionTask, _ verdict: Outcome) {
        note(verdict)
        task.cancel()
    }

    private func note(_ verdict: Outcome) {
        state.withLock { state in
            if state.verdict == nil { state.verdict = verdict }
        }
    }

    private static func words(for error: any Error) -> String {
        guard let error = error as? URLError else { return "\(error.localizedDescription)" }
        return switch error.code {
        case .notConnectedToInternet, .cannotFindHost, .dnsLookupFailed: "there is no network, or the name is unknown"
        case .cannotConnectToHost: "it does not answer"
        case .timedOut: "it fell silent"
        case .networkConnectionLost: "the connection broke"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            "its certificate cannot be trusted"
        default: error.localizedDescription
        }
    }
}
