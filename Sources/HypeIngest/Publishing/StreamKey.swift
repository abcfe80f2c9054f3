/// The secret by which a publisher is known; in OBS the field “Stream Key”.
///
/// It has no `==` and cannot be a dictionary's key, because comparing it must not tell by its time how much is right;
/// and it is printed as dots.
package struct StreamKey: Sendable {
    private let bytes: [UInt8]

    /// Creates a key from the name that a publisher gave.
    ///
    /// - Parameter text: What stands before a question mark is the key, as encoders append parameters like addresses do.
    package init(_ text: String) {
        bytes = Array(text.utf8.prefix { $0 != UInt8(ascii: "?") })
    }

    /// Whether there is nothing in it.
    package var isEmpty: Bool { bytes.isEmpty }

    /// Whether two keys are the same, in a time that depends on the length of the other one alone.
    ///
    /// - Parameter other: The key that somebody presented.
    /// - Returns: Whether it is this one; an empty key matches none.
    package func matches(_ other: StreamKey) -> Bool {
        var difference = bytes.count ^ other.bytes.count
        for (index, byte) in other.bytes.enumerated() {
            difference |= Int(byte ^ (bytes.isEmpty ? 0xff : bytes[index % bytes.count]))
        }
        return difference == 0 && !bytes.isEmpty
    }
}

extension StreamKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "••••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
