/// Ids that cannot be guessed: who knows one can take over the session.
enum SessionID {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// An id of 120 random bits, from the system's secure generator.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        var low = generator.next()
        var high = generator.next()
        var characters: [UInt8] = []
        for position in 0..<20 {
            if position < 10 {
                characters.append(alphabet[Int(low & 63)])
                low >>= 6
            } else {
                characters.append(alphabet[Int(high & 63)])
                high >>= 6
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
