/// A table with named columns, read by RFC 4180.
///
/// Fields may be quoted, with doubled quotation marks, separators and line ends inside. Where the first line has no
/// comma but semicolons or tabs, those separate.
struct CSVTable {
    /// Names of the columns in lower case.
    let columns: [String]
    /// Rows with at least one field that is not empty.
    let rows: [[String]]

    /// Reads a table; the first line names the columns.
    init(_ text: String) {
        var scalars = text.unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        let head = scalars.prefix { $0 != "\n" && $0 != "\r" }
        let separator: Unicode.Scalar =
            head.contains(",") ? "," : head.contains(";") ? ";" : head.contains("\t") ? "\t" : ","
        var records = Self.records(scalars, separator: separator).filter { $0.contains { !$0.isEmpty } }
        columns = records.isEmpty ? [] : records.removeFirst().map { $0.trimmedASCII.lowercased() }
        rows = records
    }

    /// Position of the first of some columns that is there.
    func column(_ names: String...) -> Int? {
        names.lazy.compactMap { columns.firstIndex(of: $0) }.first
    }

    /// A field without blanks around it; nil where it is missing or empty.
    static func field(_ row: [String], _ column: Int?) -> String? {
        guard let column, column < row.count else { return nil }
        return row[column].trimmedASCII.nonEmpty
    }

    /// A field as it is written, in quotation marks where it needs them.
    static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { ",\"\r\n;\t".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    private static func records(_ scalars: Substring.UnicodeScalarView, separator: Unicode.Scalar) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field = String.UnicodeScalarView()
        var isQuoted = false
        var isStarted = false
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            index = next
            if isQuoted {
                if scalar != "\"" {
                    field.append(scalar)
                } else if next < scalars.endIndex, scalars[next] == "\"" {
                    field.append(scalar)
                    index = scalars.index(after: next)
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"", !isStarted {
                isQuoted = true
                isStarted = true
            } else if scalar == separator {
                record.append(String(field))
                field = String.UnicodeScalarView()
                isStarted = false
            } else if scalar == "\n" || scalar == "\r" {
                if scalar == "\r", next < scalars.endIndex, scalars[next] == "\n" { index = scalars.index(after: next) }
                record.append(String(field))
                records.append(record)
                record = []
                field = String.UnicodeScalarView()
                isStarted = false
            } else {
                field.append(scalar)
                isStarted = true
            }
        }
        if isStarted || !field.isEmpty || !record.isEmpty { records.append(record + [String(field)]) }
        return records
    }
}
