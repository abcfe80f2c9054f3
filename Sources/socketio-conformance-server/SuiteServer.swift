import SocketIO

/// A Socket.IO server with the namespaces and events that the suite expects, and rooms for the clients of interop.
enum SuiteServer {
    /// Makes one with the timing that was asked for.
    static func make(_ options: Options) -> SocketIOServer {
        var configuration = SocketIOConfiguration()
        configuration.pingInterval = .milliseconds(options.pingInterval)
        configuration.pingTimeout = .milliseconds(options.pingInterval * 2 / 3)
        configuration.connectTimeout = .seconds(1)
        // The tests in a browser load their page from a file.
        configuration.origins = SocketIOOrigins(allowsAll: true)
        let server = SocketIOServer(configuration: configuration)
        for name in ["/", "/custom"] { serve(server.namespace(name)) }
        return server
    }

    private static func serve(_ namespace: SocketIONamespace) {
        namespace.onConnection { socket in
            socket.emit("auth", socket.auth)
            socket.on("message") { arguments, _ in socket.emit("message-back", values: arguments) }
            socket.on("message-with-ack") { arguments, ack in ack.answer(arguments) }
            socket.on("join") { arguments, ack in
                socket.join(arguments.first?.string ?? "")
                ack("joined")
            }
            socket.on("leave") { arguments, ack in
                socket.leave(arguments.first?.string ?? "")
                ack("left")
            }
            socket.on("say") { arguments, ack in
                socket.to(arguments.first?.string ?? "").emit("said", values: Array(arguments.dropFirst()))
                ack("sent")
            }
            socket.on("shout") { arguments, _ in socket.namespace.everyone.emit("shouted", values: arguments) }
            socket.on("question") { arguments, _ in
                socket.emitWithAck("ask", arguments.first ?? nil, timeout: .seconds(2)) { result in
                    switch result {
                    case .success(let answer): socket.emit("answered", values: answer)
                    case .failure(let error): socket.emit("unanswered", "\(error)")
                    }
                }
            }
            socket.on("kick") { _, _ in socket.disconnect() }
        }
    }
}
