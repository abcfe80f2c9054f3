/// A token, a code or a password that never appears in descriptions, logs or dumps.
package struct TwitchSecret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The text itself, for the one place that needs it.
    package let revealed: String

    /// Wraps a text.
    package init(_ text: String) { revealed = text }

    /// Whether there is nothing to hide.
    package var isEmpty: Bool { revealed.isEmpty }

    package var description: String { "<secret>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
