package import Foundation
package import HypeStore

extension RequestTarget {
    /// A parameter as text, or nil where it is not there.
    ///
    /// - Parameters:
    ///   - name: The parameter.
    ///   - longest: The most bytes that it may have.
    /// - Returns: The decoded text.
    /// - Throws: ``Problem`` where it is empty or too long.
    package func text(_ name: String, longest: Int = 200) throws(Problem) -> String? {
        guard let value = self[name] else { return nil }
        guard (1...longest).contains(value.utf8.count) else {
            throw .parameter(name, "must have 1 to \(longest) bytes")
        }
        return value
    }

    /// A parameter as whole number, or nil where it is not there.
    package func integer<Number: FixedWidthInteger>(
        _ name: String,
        in range: ClosedRange<Number>
    ) throws(Problem) -> Number? {
        guard let value = self[name] else { return nil }
        guard let number = Number(value), range.contains(number) else {
            throw .parameter(name, "must be a whole number in \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    /// A parameter that is `true` or `false`, or nil where it is not there.
    package func flag(_ name: String) throws(Problem) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let flag = Bool(value) else { throw .parameter(name, "must be true or false") }
        return flag
    }

    /// A parameter that is one of a few words, or nil where it is not there.
    package func choice<Choice>(
        _ name: String,
        of type: Choice.Type
    ) throws(Problem) -> Choice? where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        guard let value = self[name] else { return nil }
        guard let choice = Choice(rawValue: value) else {
            throw .parameter(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// A parameter as time, or nil where it is not there.
    package func date(_ name: String) throws(Problem) -> Date? {
        guard let value = self[name] else { return nil }
        // A plus that was not encoded arrives as a blank.
        guard let date = DocumentJSON.instant(of: value.replacing(" ", with: "+")) else {
            throw .parameter(name, "must be a time such as 2026-01-31T12:00:00Z")
        }
        return date
    }

    /// Which page of a list is wanted: `limit` and `cursor`.
    package func page() throws(Problem) -> PageQuery {
        PageQuery(
            limit: try integer("limit", in: PageQuery.limits) ?? PageQuery().limit,
            cursor: try text("cursor", longest: 512)
        )
    }
}
