/// Numbers and tags inside foreign bytes; a place beyond the end is nil, never a trap.
///
/// Places count from the beginning of the array.
extension [UInt8] {
    /// The byte at a place.
    func byte(at place: Int) -> UInt8? { indices.contains(place) ? self[place] : nil }

    /// Whether the bytes at a place are these.
    func has(_ bytes: some Collection<UInt8>, at place: Int = 0) -> Bool {
        place >= 0 && place <= count - bytes.count && self[place..<(place + bytes.count)].elementsEqual(bytes)
    }

    /// Whether the bytes at a place are this text.
    func has(_ text: StaticString, at place: Int = 0) -> Bool {
        text.withUTF8Buffer { has($0, at: place) }
    }

    /// A whole number without sign, most significant byte first.
    ///
    /// - Parameters:
    ///   - place: Where it begins.
    ///   - length: 1…7 bytes.
    /// - Returns: Nil where it is not all there.
    func number(at place: Int, length: Int) -> Int? {
        guard place >= 0, place <= count - length else { return nil }
        return self[place..<(place + length)].reduce(0) { $0 << 8 | Int($1) }
    }
}
