import Foundation

/// A MongoDB connection string, kept so that its password cannot be printed by accident.
package struct MongoAddress: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The whole string with its password, for the driver alone.
    let secret: String
    /// Name of the database: the path of the string, or `hypeclip` where it has none.
    package let database: String
    /// The string without password and without options, which may hold further secrets; for logs.
    package let redacted: String
    /// The parts that must not be shown, as they are written in the string and as they are meant.
    private let passwords: [String]

    package var description: String { redacted }
    package var debugDescription: String { redacted }
    package var customMirror: Mirror { Mirror(self, children: ["redacted": redacted]) }

    /// Reads a connection string as far as it must be known here, or fails; the driver checks the rest.
    ///
    /// - Parameter text: `mongodb://[user[:password]@]host[:port][,…][/database][?options]`, or `mongodb+srv://…`.
    ///   `@` and `?` inside user, password and options are written `%40` and `%3F`.
    package init?(_ text: String) {
        guard let scheme = ["mongodb://", "mongodb+srv://"].first(where: text.hasPrefix), !text.contains("\0") else {
            return nil
        }
        let rest = text.dropFirst(scheme.count)
        // The last @ before the options ends user and password, even where somebody forgot to encode another one.
        let beforeOptions = rest.prefix { $0 != "?" }
        let options = rest.dropFirst(beforeOptions.count + 1)
        // With an @ behind the first ?, that may be a password with a ? in it, of which nothing must be shown.
        guard !options.contains("@") else { return nil }
        let login = beforeOptions.lastIndex(of: "@").map { beforeOptions[..<$0] }
        let place = login.map { beforeOptions[beforeOptions.index(after: $0.endIndex)...] } ?? beforeOptions
        let parts = place.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let hosts = parts.first, !hosts.isEmpty else { return nil }
        let name = parts.count > 1 ? String(parts[1]) : ""
        database = name.isEmpty ? "hypeclip" : (name.removingPercentEncoding ?? name)

        var passwords: [String] = []
        var shownLogin = ""
        if let login {
            let user = login.prefix { $0 != ":" }
            let password = login.dropFirst(user.count + 1)
            passwords = [String(password)]
            shownLogin = password.isEmpty ? "\(user)@" : "\(user):***@"
        }
        for option in options.split(whereSeparator: { $0 == "&" || $0 == ";" }) {
            let name = option.prefix { $0 != "=" }.lowercased()
            let value = option.dropFirst(name.utf8.count + 1)
            if name.contains("password") || name == "authmechanismproperties" {
                passwords.append(String(value))
                // Properties have names and values of their own.
                passwords += value.split { $0 == ":" || $0 == "," }.map(String.init)
            } else if value.count >= 5 {
                // Perhaps a secret in the wrong place; shorter ones such as “true” would blot out half of every message.
                passwords.append(String(value))
            }
        }
        self.passwords = (passwords + passwords.compactMap(\.removingPercentEncoding)).filter { !$0.isEmpty }
        secret = text
        redacted = scheme + shownLogin + hosts + "/" + database + (options.isEmpty ? "" : "?…")
    }

    /// Takes the secrets out of what the driver says.
    package func redacting(_ message: String) -> String {
        ([secret] + passwords.sorted { $0.count > $1.count }).reduce(message) { $0.replacing($1, with: "***") }
    }
}
