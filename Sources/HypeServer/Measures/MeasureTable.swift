/// What is counted, and how Prometheus reads it.
///
/// A pure table of bounded size: labels are route forms and statuses, never what a client wrote.
package struct MeasureTable: Sendable {
    /// Things that only become more.
    package enum Counter: String, CaseIterable, Sendable {
        case uploads, uploadedBytes, events, droppedSubscribers, stalledClients, refusedLogIns
    }

    /// Upper bounds of the latency classes, in seconds.
    package static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Latency {
        var counts = [Int](repeating: 0, count: MeasureTable.bounds.count)
        var count = 0
        var sum = 0.0
    }

    private struct Request: Hashable {
        var route: String
        var status: Int
    }

    private var counters: [Counter: Int64] = [:]
    private var requests: [Request: Int] = [:]
    private var latencies: [String: Latency] = [:]
    private var running = 0
    private var streams = 0

    /// Creates an empty table.
    package init() {}

    /// Event streams that are open.
    package var openStreams: Int { streams }

    /// Adds to a counter.
    package mutating func add(_ counter: Counter, _ amount: Int64 = 1) { counters[counter, default: 0] += amount }

    /// Notes that a request began.
    package mutating func begin() { running += 1 }

    /// Notes that a request is over.
    package mutating func end() { running -= 1 }

    /// Notes that an event stream was opened (+1) or is over (-1).
    package mutating func stream(_ change: Int) { streams += change }

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - route: Form of the route.
    ///   - status: HTTP status.
    ///   - seconds: How long it took; nil for streams without end, whose length says nothing.
    package mutating func answer(route: String, status: Int, seconds: Double?) {
        requests[Request(route: route, status: status), default: 0] += 1
        guard let seconds else { return }
        var latency = latencies[route] ?? Latency()
        latency.count += 1
        latency.sum += seconds
        for (index, bound) in Self.bounds.enumerated() where seconds <= bound { latency.counts[index] += 1 }
        latencies[route] = latency
    }

    /// Everything in Prometheus's text format 0.0.4.
    ///
    /// - Parameter gauges: Further numbers that are read when they are asked for: name, meaning, value.
    /// - Returns: Lines, each with its end.
    package func text(_ gauges: [(name: String, help: String, value: Double)] = []) -> String {
        var lines: [String] = []
        func head(_ name: String, _ help: String, _ type: String) {
            lines += ["# HELP hypeclip_\(name) \(help)", "# TYPE hypeclip_\(name) \(type)"]
        }
        head("http_requests_total", "Answered requests.", "counter")
        for (key, count) in requests.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
            lines.append(#"hypeclip_http_requests_total{route="\#(key.route)",status="\#(key.status)"} \#(count)"#)
        }
        head("http_request_duration_seconds", "Time from the head of a request to the end of its answer.", "histogram")
        for (route, latency) in latencies.sorted(by: { $0.key < $1.key }) {
            let name = "hypeclip_http_request_duration_seconds"
            for (bound, count) in zip(Self.bounds, latency.counts) {
                lines.append(#"\#(name)_bucket{route="\#(route)",le="\#(bound)"} \#(count)"#)
            }
            lines.append(#"\#(name)_bucket{route="\#(route)",le="+Inf"} \#(latency.count)"#)
            lines.append(#"\#(name)_sum{route="\#(route)"} \#(latency.sum)"#)
            lines.append(#"\#(name)_count{route="\#(route)"} \#(latency.count)"#)
        }
        for counter in Counter.allCases {
            head(counter.metric, counter.help, "counter")
            lines.append("hypeclip_\(counter.metric) \(counters[counter] ?? 0)")
        }
        let own = [
            ("http_requests_running", "Requests that are being answered.", Double(running)),
            ("event_streams", "Open event streams.", Double(streams)),
        ]
        for (name, help, value) in own + gauges {
            head(name, help, "gauge")
            lines.append("hypeclip_\(name) \(value)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension MeasureTable.Counter {
    /// The name that Prometheus knows it by, without prefix.
    fileprivate var metric: String {
        switch self {
        case .uploads: "uploads_total"
        case .uploadedBytes: "upload_bytes_total"
        case .events: "event_stream_events_total"
        case .droppedSubscribers: "event_streams_dropped_total"
        case .stalledClients: "http_stalled_clients_total"
        case .refusedLogIns: "refused_logins_total"
        }
    }

    fileprivate var help: String {
        switch self {
        case .uploads: "Files that arrived whole."
        case .uploadedBytes: "Bytes of files that arrived whole."
        case .events: "Events sent to event streams."
        case .droppedSubscribers: "Event streams ended because their client was too slow."
        case .stalledClients: "Connections ended because their client took nothing."
        case .refusedLogIns: "Log-ins with a wrong token."
        }
    }
}
