package import Foundation
package import HypeCatalogue

/// All models, what is there of them, and what is missing without the others.
package struct ModelList: Sendable {
    private let inventory: ModelInventory
    private let pullFolder: String

    /// Creates a list.
    ///
    /// - Parameters:
    ///   - inventory: What lies where.
    ///   - pullFolder: Where pulled models go.
    package init(inventory: ModelInventory, pullFolder: String) {
        self.inventory = inventory
        self.pullFolder = pullFolder
    }

    /// The table for a person, without a final newline.
    package var text: String {
        let items = inventory.items
        var rows = [["NAME", "VERSION", "KIND", "STATE", "SIZE", "TERMS", "WHAT IT DOES"]]
        rows += items.map { item in
            let later = item.entry.use == .later ? " (for a later version)" : ""
            return [
                item.entry.id, item.version ?? "?", item.entry.kind.rawValue, Self.word(item.state),
                item.bytes.map(ByteText.size) ?? "?", item.entry.licence, item.entry.purpose + later,
            ]
        }
        var lines = Table(rows: rows).lines
        let lacking = items.filter { $0.state != .installed && $0.entry.use != .later }
        if !lacking.isEmpty {
            lines += ["", "Missing or damaged:"]
            for item in lacking {
                lines.append("  \(item.entry.id): \(Self.detail(item)) \(item.entry.absence)")
                lines.append("    \(item.entry.remedy)")
            }
        }
        lines += ["", "The terms of the shipped models are explained in Models/*.md."]
        lines += ["Pulled models go to \(pullFolder). `hypeclip models pull` shows what can be pulled."]
        return lines.joined(separator: "\n")
    }

    /// The models that can be pulled, for a person, without a final newline.
    package var pullable: String {
        let rows = inventory.items.filter { $0.entry.kind == .optional }.map { item in
            let later = item.entry.use == .later ? " (for a later version)" : ""
            return [
                "  " + item.entry.id, item.bytes.map(ByteText.size) ?? "?", Self.word(item.state),
                item.entry.purpose + later,
            ]
        }
        return Table(rows: rows).lines.joined(separator: "\n")
    }

    /// The list as one JSON object.
    package func json() throws -> Data {
        try JSONText.encode(
            Document(
                folders: inventory.folders.map(\.path),
                pullFolder: pullFolder,
                models: inventory.items.map(Document.Model.init)
            )
        )
    }

    /// A state in a word.
    static func word(_ state: InventoryItem.State) -> String {
        switch state {
        case .installed: "installed"
        case .missing: "missing"
        case .damaged: "damaged"
        }
    }

    /// What is wrong with a model, as a sentence.
    static func detail(_ item: InventoryItem) -> String {
        item.files.compactMap { file in
            switch file.state {
            case .installed: nil
            case .missing: "\(file.file.name) is missing."
            case .damaged(let reason): "\(file.url?.path ?? file.file.name) is damaged: \(reason)."
            }
        }.joined(separator: " ")
    }

    private struct Document: Encodable {
        struct Model: Encodable {
            struct File: Encodable {
                var name: String
                var path: String?
                var state: String
                var bytes: Int64?
                var sha256: String?
                var address: String?
            }
            var name: String
            var version: String?
            var kind: CatalogueEntry.Kind
            var use: CatalogueEntry.Use
            var state: String
            var bytes: Int64?
            var licence: String
            var purpose: String
            var absence: String
            var remedy: String
            var files: [File]

            init(_ item: InventoryItem) {
                name = item.entry.id
                version = item.version
                kind = item.entry.kind
                use = item.entry.use
                state = ModelList.word(item.state)
                bytes = item.bytes
                licence = item.entry.licence
                purpose = item.entry.purpose
                absence = item.entry.absence
                remedy = item.entry.remedy
                files = item.files.map { file in
                    File(
                        name: file.file.name,
                        path: file.url?.path,
                        state: ModelList.word(file.state),
                        bytes: file.facts?.bytes,
                        sha256: file.facts?.sha256,
                        address: file.file.address
                    )
                }
            }
        }
        var folders: [String]
        var pullFolder: String
        var models: [Model]
    }
}

/// Columns of text.
struct Table {
    let rows: [[String]]

    /// The rows with their columns under each other; the last column is as long as it is.
    var lines: [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, text in
                column == row.count - 1 ? text : text.padding(toLength: widths[column], withPad: " ", startingAt: 0)
            }.joined(separator: "  ")
        }
    }
}

/// How the `models` commands write JSON.
package enum JSONText {
    /// Sorted keys, readable.
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}
