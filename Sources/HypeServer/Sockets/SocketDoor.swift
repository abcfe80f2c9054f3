import HTTPTypes
import NIOHTTP1
import SocketIO

/// Decides which Socket.IO clients may connect, by the rules of the rest of the API.
struct SocketDoor: Sendable {
    let policy: AccessPolicy
    let gatekeeper: Gatekeeper

    /// Checks the name under which the server was addressed, and the page that connects.
    func checkHost(_ handshake: SocketIOHandshake) throws(SocketIORefusal) {
        let host = handshake.headers.first(name: "host")
        do throws(AccessPolicy.Refusal) {
            try policy.checkHost(host)
        } catch {
            throw SocketIORefusal("this server is not known under that name")
        }
        guard policy.allows(origin: handshake.headers.first(name: "origin"), authority: host) else {
            throw SocketIORefusal("another page may not connect")
        }
    }

    /// Checks the token: as `Authorization: Bearer`, as `token` in the client's `auth`, or as the cookie of the dashboard.
    func checkCredential(_ handshake: SocketIOHandshake, _ auth: SocketIOValue) throws(SocketIORefusal) {
        guard gatekeeper.needsToken else { return }
        var fields = HTTPFields()
        if let token = handshake.bearerToken ?? auth["token"]?.string { fields[.authorization] = "Bearer \(token)" }
        if let cookie = handshake.headers.first(name: "cookie") { fields[.cookie] = cookie }
        guard gatekeeper.credential(fields) != .none else {
            throw SocketIORefusal("unauthorized", data: ["code": 401])
        }
    }
}
