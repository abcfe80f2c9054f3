/// The form of a route's paths, such as `/api/clip/{id}/video`.
package struct RouteTemplate: Hashable, Sendable, CustomStringConvertible {
    private enum Segment: Hashable {
        case literal(String)
        case parameter(String)
    }

    /// The form as text; the label of the route in metrics and logs.
    package let description: String
    private let segments: [Segment]

    /// Reads a form: parts in braces stand for any one part of a path.
    package init(_ text: String) {
        description = text
        segments = text.split(separator: "/").map { part in
            part.hasPrefix("{") && part.hasSuffix("}")
                ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
        }
    }

    /// How many parts must be equal; of two forms that fit, the one with more wins.
    var literals: Int { segments.count { if case .literal = $0 { true } else { false } } }

    /// Compares a path with the form.
    ///
    /// - Parameter path: The path's parts, decoded.
    /// - Returns: What stood in place of the braces; nil where the path does not fit. An empty part never fits.
    package func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var found: [String: String] = [:]
        for (part, segment) in zip(path, segments) {
            switch segment {
            case .literal(let text):
                guard part == text else { return nil }
            case .parameter(let name):
                guard !part.isEmpty, part.utf8.count <= 200 else { return nil }
                found[name] = part
            }
        }
        return found
    }
}
