/// Texts that nobody can guess.
enum RandomText {
    /// Digits and lower-case letters without those that are mistaken for others: 5 bits each.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// Makes a text of random letters and digits, 5 bits each.
    static func make(count: Int) -> String {
        var random = SystemRandomNumberGenerator()
        return String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
    }
}
