package import Foundation
package import HypeCatalogue

/// What came of reading every model file that is there.
package struct ModelVerification: Sendable {
    /// A model and what was found.
    package struct Finding: Sendable {
        /// The model, with states from the files' content.
        package let item: InventoryItem

        /// Whether an analysis can go on with it: optional models may be missing, but not damaged.
        package var isInOrder: Bool {
            switch item.state {
            case .installed: true
            case .missing: item.entry.use != .required
            case .damaged: false
            }
        }
    }

    /// All models, in the order of the catalogue.
    package let findings: [Finding]

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - inventory: What lies where.
    ///   - entries: The models to look at.
    /// - Throws: `CancellationError`.
    package init(_ inventory: ModelInventory, entries: [CatalogueEntry] = ModelCatalogue.entries) throws {
        findings = try entries.map { entry in
            let item = inventory.item(entry)
            return Finding(item: InventoryItem(entry: entry, files: try item.files.map(Self.read)))
        }
    }

    /// Whether all is in order.
    package var isInOrder: Bool { findings.allSatisfy(\.isInOrder) }

    /// One line per model, and the command that mends where something is wrong; without a final newline.
    package var text: String {
        var lines: [String] = []
        for finding in findings {
            let item = finding.item
            lines.append("\(Self.mark(finding))  \(item.entry.id)" + (note(item).map { ": \($0)" } ?? ""))
            if !finding.isInOrder { lines.append("          to mend it: \(item.entry.remedy)") }
        }
        return lines.joined(separator: "\n")
    }

    /// The findings as one JSON object.
    package func json() throws -> Data {
        try JSONText.encode(Document(ok: isInOrder, models: findings.map(Document.Model.init)))
    }

    /// The state of a file by its content.
    private static func read(_ file: InventoryItem.File) throws -> InventoryItem.File {
        guard let url = file.url, let expected = file.facts else { return file }
        var state = InventoryItem.State.installed
        do {
            let found = try FileHash.facts(of: url)
            if found.bytes != expected.bytes {
                state = .damaged("\(found.bytes) bytes instead of \(expected.bytes)")
            } else if found.sha256 != expected.sha256 {
                state = .damaged("SHA-256 \(found.sha256) instead of \(expected.sha256)")
            }
        } catch let cancellation as CancellationError {
            throw cancellation
        } catch {
            state = .damaged("it cannot be read: \(error.localizedDescription)")
        }
        return file.inState(state)
    }

    private static func mark(_ finding: Finding) -> String {
        switch finding.item.state {
        case .installed: "intact  "
        case .damaged: "DAMAGED "
        case .missing: finding.isInOrder ? "optional" : "MISSING "
        }
    }

    private func note(_ item: InventoryItem) -> String? {
        switch item.state {
        case .installed: nil
        case .missing: item.entry.use == .required ? ModelList.detail(item) : "not installed"
        case .damaged: ModelList.detail(item)
        }
    }

    private struct Document: Encodable {
        struct Model: Encodable {
            var name: String
            var state: String
            var ok: Bool
            var detail: String?
            var remedy: String?

            init(_ finding: Finding) {
                name = finding.item.entry.id
                state = finding.item.state == .installed ? "intact" : ModelList.word(finding.item.state)
                ok = finding.isInOrder
                let isWhole = finding.item.state == .installed
                detail = isWhole ? nil : ModelList.detail(finding.item)
                remedy = isWhole ? nil : finding.item.entry.remedy
            }
        }
        var ok: Bool
        var models: [Model]
    }
}
