import HypeCore

/// One signal over the whole recording, thinned out to what a screen can show.
struct SignalPlot {
    /// Columns that a plot has at most; more than a screen shows, so that it can be zoomed.
    static let columns = 6_000
    /// Extent of the drawing: time to the right, score upwards from the bottom.
    static let width = 12_000
    static let height = 100

    /// SVG path data of the area under the score.
    let area: String
    /// SVG path data of the score.
    let line: String
    /// Stretches in which nothing could be seen, with the reason, as parts of the recording.
    let missing: [(part: Part, reason: String)]
    /// Stretches that were looked at, as parts of the recording.
    let seen: [Part]
    /// Part of the recording that was looked at, 0…1.
    var coverage: Double { seen.reduce(0) { $0 + $1.length } }

    /// A stretch as parts of the whole, 0…1.
    struct Part {
        var start: Double
        var end: Double
        var length: Double { end - start }
    }

    /// Draws the observations of one kind.
    ///
    /// - Parameters:
    ///   - observations: Observations of one kind in any order.
    ///   - recording: What lies between the left and the right edge.
    init(_ observations: [Observation], recording: MediaInterval) {
        let sorted = observations.filter { $0.interval.touches(recording) }
            .sorted { $0.interval.start < $1.interval.start }
        let scale = Scale(recording: recording)
        var runs: [[(x: Int, score: Double)]] = []
        var gaps: [(interval: MediaInterval, reason: String)] = []
        var last: MediaTime?
        for observation in sorted {
            let interval = observation.interval
            let isNext = last.map { interval.start - $0 <= Self.bridge } ?? false
            last = max(last ?? interval.end, interval.end)
            guard let score = observation.score else {
                let reason = observation.missing ?? "no reason given"
                if let gap = gaps.last, gap.reason == reason, interval.start - gap.interval.end <= Self.bridge {
                    gaps[gaps.count - 1].interval = gap.interval.union(interval)
                } else {
                    gaps.append((interval, reason))
                }
                last = nil
                continue
            }
            let column = scale.column(interval.midpoint)
            if !isNext || runs.isEmpty { runs.append([(scale.column(interval.start), score)]) }
            if let point = runs[runs.count - 1].last, runs[runs.count - 1].count > 1, point.x == column {
                runs[runs.count - 1][runs[runs.count - 1].count - 1].score = max(point.score, score)
            } else {
                runs[runs.count - 1].append((column, score))
            }
        }
        line = runs.map(Self.path).joined()
        area = runs.filter { $0.count > 1 }.map(Self.closedPath).joined()
        missing = gaps.map { (part: scale.part($0.interval), reason: $0.reason) }
        seen = sorted.map(\.interval).merged(closerThan: Self.bridge).map(scale.part)
    }

    /// Gap between observations up to which they count as one series.
    private static let bridge: Duration = .seconds(1.5)

    private static func path(_ run: [(x: Int, score: Double)]) -> String {
        run.enumerated().map { index, point in "\(index == 0 ? "M" : "L")\(point.x) \(level(point.score))" }.joined()
    }

    private static func closedPath(_ run: [(x: Int, score: Double)]) -> String {
        guard let first = run.first, let last = run.last else { return "" }
        return "M\(first.x) \(height)" + run.map { "L\($0.x) \(level($0.score))" }.joined() + "L\(last.x) \(height)Z"
    }

    private static func level(_ score: Double) -> Int {
        height - Int((min(1, max(0, score)) * Double(height)).rounded())
    }
}

extension SignalPlot {
    /// Where a time lies in the drawing.
    struct Scale {
        let recording: MediaInterval

        /// The nearest column, in drawing units.
        func column(_ time: MediaTime) -> Int {
            let step = SignalPlot.width / SignalPlot.columns
            return Int((fraction(time) * Double(SignalPlot.columns)).rounded()) * step
        }

        /// Part of the recording before a time, 0…1.
        func fraction(_ time: MediaTime) -> Double {
            let whole = recording.duration.inSeconds
            guard whole > 0 else { return 0 }
            return min(1, max(0, (time - recording.start).inSeconds / whole))
        }

        func part(_ interval: MediaInterval) -> Part {
            Part(start: fraction(interval.start), end: fraction(interval.end))
        }
    }
}

extension SignalPlot.Part {
    /// Position and width for a style attribute.
    var style: String {
        "left:\(Format.decimal(start * 100, digits: 3))%;width:\(Format.decimal(length * 100, digits: 3))%"
    }
}
