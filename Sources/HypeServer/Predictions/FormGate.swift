import Synchronization

/// Counts the forms that are being received and answered, so that their files on disk are bounded before they are read.
final class FormGate: Sendable {
    private let settings: PredictionSettings
    private let places = Mutex<[String: Int]>([:])

    init(_ settings: PredictionSettings) { self.settings = settings }

    /// Lets a form in; ``leave(_:)`` must follow.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/busy``.
    func enter(_ client: String) throws(RequestFailure) {
        let isIn = places.withLock { places in
            guard places.values.reduce(0, +) < settings.forms, places[client, default: 0] < settings.formsOfOne else {
                return false
            }
            places[client, default: 0] += 1
            return true
        }
        guard isIn else { throw RequestFailure(.busy, "Too many files are being sent at once.", retryAfter: 1) }
    }

    /// Lets a form out.
    func leave(_ client: String) {
        places.withLock { places in
            let count = places[client, default: 1] - 1
            places[client] = count > 0 ? count : nil
        }
    }
}
