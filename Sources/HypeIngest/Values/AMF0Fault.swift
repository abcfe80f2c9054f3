/// Why bytes are no values of Action Message Format 0.
package enum AMF0Fault: Error, Hashable, Sendable {
    /// The bytes end within a value.
    case truncated
    /// A type that is not read: references, recordsets, movie clips, AMF3.
    case marker(UInt8)
    /// Objects within objects beyond the limit.
    case depth(limit: Int)
    /// More values than allowed.
    case count(limit: Int)
}
