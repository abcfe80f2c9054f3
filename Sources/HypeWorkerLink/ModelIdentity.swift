/// Which net gave an answer, and from which confidence on it answers.
package struct ModelIdentity: Hashable, Sendable, Codable {
    /// Name, such as `face-expression`.
    package var name: String
    /// Version of the weights.
    package var version: String
    /// SHA-256 of the model file that was used, 64 hexadecimal digits.
    package var sha256: String
    /// Confidence below which it abstains, 0…1.
    package var threshold: Double
    /// What a person should know about the files of the model; nil where all is well.
    package var warning: String?

    /// Creates an identity.
    package init(name: String, version: String, sha256: String, threshold: Double, warning: String? = nil) {
        self.name = name
        self.version = version
        self.sha256 = sha256
        self.threshold = threshold
        self.warning = warning
    }
}
