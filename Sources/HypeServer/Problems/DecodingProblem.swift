import Foundation

/// Says in words which field of a document is wrong.
enum DecodingProblem {
    /// The problem that a decoding error is.
    static func problem(_ error: DecodingError) -> Problem {
        switch error {
        case .keyNotFound(let key, let context):
            mistake(path(context.codingPath + [key]), "is missing")
        case .valueNotFound(let type, let context):
            mistake(path(context.codingPath), "must be \(name(type)), not null")
        case .typeMismatch(let type, let context):
            mistake(path(context.codingPath), "must be \(name(type))")
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            Problem(400, "The document is not JSON.")
        case .dataCorrupted(let context):
            mistake(path(context.codingPath), "has a value that is not allowed")
        @unknown default:
            Problem(400, "The document cannot be understood.")
        }
    }

    private static func mistake(_ field: String, _ detail: String) -> Problem {
        let place = field.isEmpty ? "The document" : "The field “\(field)”"
        return Problem(400, "\(place) \(detail).", errors: [Problem.Mistake(field, detail)])
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }

    private static func name(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is Double.Type, is Float.Type: "a number"
        case is any BinaryInteger.Type: "a whole number"
        case is any ArrayLike.Type: "a list"
        case is Date.Type: "a time such as 2026-01-31T12:00:00Z"
        default: "an object"
        }
    }
}

/// Lets a list be recognised by its type.
private protocol ArrayLike {}
extension Array: ArrayLike {}
