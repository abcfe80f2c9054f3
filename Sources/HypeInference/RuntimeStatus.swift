import COpenVINO

extension InferenceError {
    /// Throws where a call of the runtime did not succeed.
    ///
    /// The runtime keeps the text of the last failure per process, so it is read at once.
    ///
    /// - Parameters:
    ///   - status: What the call returned.
    ///   - code: The kind of failure to report.
    ///   - message: What was tried and the remedy; made only where it is needed.
    /// - Throws: ``InferenceError`` with the runtime's words as cause.
    static func check(
        _ status: ov_status_e,
        as code: Code = .runtime,
        _ message: @autoclosure () -> String
    ) throws {
        guard status != OK else { return }
        throw InferenceError(code, message(), cause: runtimeWords(for: status))
    }

    private static func runtimeWords(for status: ov_status_e) -> String {
        let name = ov_get_error_info(status).map { String(cString: $0) } ?? "status"
        var words = "\(name) \(status.rawValue)"
        if let last = ov_get_last_err_msg() {
            let text = String(cString: last).split(whereSeparator: \.isNewline).joined(separator: " ")
            if !text.isEmpty { words += ": \(text.prefix(600))" }
            ov_free(last)
        }
        return words
    }
}
