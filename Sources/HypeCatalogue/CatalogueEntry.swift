/// A model that this software knows of, and everything a person wants to know before installing it.
package struct CatalogueEntry: Hashable, Sendable, Identifiable {
    /// Where a model comes from.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Part of this repository, trained by it.
        case shipped
        /// Unpacked by `Scripts/bootstrap` from a hash-pinned wheel.
        case wheel
        /// Pulled by the user.
        case optional
    }

    /// What this version does with a model.
    package enum Use: String, Sendable, Codable, CaseIterable {
        /// Nothing works without it.
        case required
        /// Used where it is installed.
        case extra
        /// Nothing in this version reads it.
        case later
    }

    /// Name on the command line and in code.
    package let id: String
    /// Where it comes from.
    package let kind: Kind
    /// What this version does with it.
    package let use: Use
    /// Version of its makers; nil for models whose sidecar says it.
    package let version: String?
    /// Its files; the first one is the net.
    package let files: [CatalogueFile]
    /// Terms of the weights, in a few words.
    package let licence: String
    /// What the model does, in words for a person.
    package let purpose: String
    /// What is missing without it, as a sentence.
    package let absence: String
    /// The command that makes its files of weights which the user has; nil where files are published.
    package let preparation: String?

    /// Folder that ``preparation`` leaves files in.
    package static let preparedFolder = "Training/runs/videomae"

    /// Creates an entry.
    package init(
        id: String,
        kind: Kind,
        use: Use,
        version: String?,
        files: [CatalogueFile],
        licence: String,
        purpose: String,
        absence: String,
        preparation: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.use = use
        self.version = version
        self.files = files
        self.licence = licence
        self.purpose = purpose
        self.absence = absence
        self.preparation = preparation
    }

    /// The command that brings the model, or mends it.
    package var remedy: String {
        switch kind {
        case .shipped: "git checkout -- \(files.flatMap(\.repositoryPaths).joined(separator: " "))"
        case .wheel: "Scripts/bootstrap"
        case .optional:
            preparation.map { "\($0) && hypeclip models pull \(id) --from \(Self.preparedFolder)" }
                ?? "hypeclip models pull \(id)"
        }
    }
}

/// A file of a model.
package struct CatalogueFile: Hashable, Sendable {
    /// How a file is recognised.
    package enum Check: Hashable, Sendable {
        /// By these facts.
        case pinned(FileFacts)
        /// By the facts in the JSON file of this name beside it.
        case sidecar(String)
    }

    /// Name of the file where models lie.
    package let name: String
    /// How it is recognised.
    package let check: Check
    /// Where it is downloaded from, `https`; nil where it is not.
    package let address: String?
    /// Other names that its makers give it, which a folder to pull from may hold.
    package let otherNames: [String]

    /// Creates a file.
    package init(name: String, check: Check, address: String?, otherNames: [String] = []) {
        self.name = name
        self.check = check
        self.address = address
        self.otherNames = otherNames
    }

    /// Names that the file may have in a folder to pull from, the own one first.
    package var names: [String] { [name] + otherNames }

    /// Paths in the repository of the file and its sidecar.
    fileprivate var repositoryPaths: [String] {
        guard case .sidecar(let sidecar) = check else { return ["Models/\(name)"] }
        return ["Models/\(name)", "Models/\(sidecar)"]
    }
}

/// What a file must be.
package struct FileFacts: Hashable, Sendable, Codable {
    /// Size in bytes.
    package let bytes: Int64
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    package let sha256: String

    /// Creates facts.
    package init(bytes: Int64, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }
}
