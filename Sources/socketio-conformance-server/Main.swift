import Foundation
import NIOCore
import NIOPosix
import SocketIO

/// The server that the official suites are run against.
///
///     socketio-conformance-server --suite engine|socket [--port N] [--loops N] [--ping-interval MS]
@main
enum Main {
    static func main() async throws {
        guard let options = Options(CommandLine.arguments.dropFirst()) else {
            print(
                "usage: socketio-conformance-server --suite engine|socket [--port N] [--loops N] [--ping-interval MS]"
            )
            exit(2)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.loops)
        let listener: SocketIOHTTPServer
        switch options.suite {
        case .engine:
            listener = try await SocketIOHTTPServer.start(EchoServer.make(options), port: options.port, group: group)
        case .socket:
            listener = try await SocketIOHTTPServer.start(SuiteServer.make(options), port: options.port, group: group)
        }
        print("listening on http://127.0.0.1:\(listener.port)")
        // Whoever started the server from a program waits for this line.
        fflush(nil)
        try await listener.wait()
    }
}
