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
                let gauges = Self.gauges(statistics) + Self.gauges(sockets.statistics)
                let text = measures.text(gauges + Self.gauges(await parts.media.load()))
                return Response(
                    status: .ok,
                    headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: text))
                )
            },
        ]
    }

    private typealias Gauge = (name: String, help: String, value: Double)

    private static func gauges(_ live: SocketIOStatistics) -> [Gauge] {
        [
            ("socket_clients", "Connected Socket.IO clients.", Double(live.clients)),
            ("socket_messages_sent", "Messages sent to Socket.IO clients.", Double(live.sentMessages)),
            ("socket_clients_too_slow", "Socket.IO clients that were too slow.", Double(live.slowClients)),
            ("socket_messages_skipped", "Gauges that a slow client was not told.", Double(live.skippedVolatile)),
        ]
    }

    private static func gauges(_ statistics: EventStatistics) -> [Gauge] {
        [
            ("event_subscribers", "Subscribers of the event log.", Double(statistics.subscribers)),
            ("events_published", "Events since the start.", Double(statistics.published)),
            ("events_dropped", "Gauges that a slow subscriber was not told.", Double(statistics.dropped)),
            ("event_subscribers_ended", "Subscribers that were too slow.", Double(statistics.ended)),
            ("events_unkept", "Events that the store refused.", Double(statistics.unkept)),
        ]
    }

    /// What the workers that read emotions do, for Prometheus.
    private static func gauges(_ load: PredictionLoad) -> [Gauge] {
        [
            ("predict_workers", "Workers that read emotions.", Double(load.workers)),
            ("predict_workers_ready", "Workers that are warm.", Double(load.ready)),
            ("predict_workers_busy", "Workers that read a file.", Double(load.busy)),
            ("predict_waiting", "Files that wait for a worker.", Double(load.waiting)),
            ("predict_waiting_most", "Files that may wait for a worker.", Double(load.capacity)),
            ("predict_seconds_mean", "Mean time of the latest files in a worker.", load.meanTime / .seconds(1)),
            ("predict_served", "Files that a worker answered.", Double(load.served)),
            ("predict_refused", "Files that were turned away because too many waited.", Double(load.refused)),
            ("predict_cancelled", "Files whose client went away.", Double(load.cancelled)),
            ("predict_expired", "Files whose deadline passed before anything was ready.", Double(load.expired)),
            ("predict_retried", "Files that were tried again after their worker had died.", Double(load.retried)),
            ("predict_guilty", "Files that were given up because they ended their workers.", Double(load.guilty)),
            ("predict_workers_died", "Workers that died.", Double(load.died)),
            ("predict_workers_replaced", "Workers that were replaced for age or memory.", Double(load.replaced)),
        ]
    }
}
