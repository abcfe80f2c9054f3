import Foundation
import HTTPTypes
import HummingbirdCore
import HypeEvents
import NIOCore
import SocketIO

extension RouteCatalogue {
    /// How the server is.
    var healthRoutes: [Route] {
        [
            Route(.get, "/health", .open) { [parts] _ in
                let report = await parts.health.health()
                return try Wire.response(report, status: report.status == .missing ? .serviceUnavailable : .ok)
            },
            Route(.get, "/metrics", .read) { [measures, parts, sockets] _ in
                let statistics = await parts.events.statistics
                let live = sockets.statistics
                let text = measures.text([
                    ("socket_clients", "Connected Socket.IO clients.", Double(live.clients)),
                    ("socket_messages_sent", "Messages sent to Socket.IO clients.", Double(live.sentMessages)),
                    ("socket_clients_too_slow", "Socket.IO clients that were too slow.", Double(live.slowClients)),
                    (
                        "socket_messages_skipped", "Gauges that a slow client was not told.",
                        Double(live.skippedVolatile)
                    ),
                    ("event_subscribers", "Subscribers of the event log.", Double(statistics.subscribers)),
                    ("events_published", "Events since the start.", Double(statistics.published)),
                    ("events_dropped", "Gauges that a slow subscriber was not told.", Double(statistics.dropped)),
                    ("event_subscribers_ended", "Subscribers that were too slow.", Double(statistics.ended)),
                    ("events_unkept", "Events that the store refused.", Double(statistics.unkept)),
                ])
                return Response(
                    status: .ok,
                    headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: text))
                )
            },
        ]
    }
}
