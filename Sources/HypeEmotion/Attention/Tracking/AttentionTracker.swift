package import HypeCore

/// Turns readings of one face into gauges and alerts.
///
/// A pure state machine: it has no clock and does no I/O, and the same readings give the same answers. Readings may come
/// at any frequency from 5 to 60 per second, and with gaps. Memory is bounded.
package struct AttentionTracker: Sendable {
    private let settings: AttentionSettings
    private var baseline: EyeBaseline
    private var usualGaze: GazeCenter
    /// Where the head usually points, for when the eyes cannot be judged.
    private var usualHead: GazeCenter
    private var closedTime: ShareWindow
    private var blinks = BlinkLog()
    private var conditions: [AttentionAlertKind: HeldCondition]
    private var yawns: [MediaTime] = []
    private var last: Moment?

    /// How long yawns are counted.
    private static let yawnMemory: Duration = .seconds(600)
    /// Most yawns that are counted.
    private static let mostYawns = 64

    /// What was known at one time.
    private struct Moment: Sendable {
        var reading: AttentionReading
        var openness: Float?
        var isClosed: Bool?
        var gaze: Gaze?
        var values: [AttentionAlertKind: Double]
    }

    /// Creates a tracker that has seen nothing.
    ///
    /// - Parameter settings: Limits.
    /// - Throws: ``EmotionError`` with code `.invalidSettings` that names every setting out of its range.
    package init(settings: AttentionSettings = AttentionSettings()) throws {
        try settings.validate()
        self.settings = settings
        baseline = EyeBaseline(calibration: settings.eyeCalibration, halfLife: settings.memory)
        usualGaze = GazeCenter(calibration: settings.gazeCalibration, halfLife: settings.memory)
        usualHead = usualGaze
        closedTime = ShareWindow(length: settings.window)
        conditions = Dictionary(
            uniqueKeysWithValues: AttentionAlertKind.allCases.map { ($0, HeldCondition(settings.limits(of: $0))) }
        )
    }

    /// Takes in the next reading.
    ///
    /// - Parameter reading: Later than the one before; others are ignored.
    /// - Returns: Alerts that begin or end with it, in the order of their kinds.
    package mutating func update(_ reading: AttentionReading) -> [AttentionAlert] {
        var alerts: [AttentionAlert] = []
        if let last {
            guard reading.time > last.reading.time else { return [] }
            if reading.time - last.reading.time > settings.maximumGap {
                // Nothing is known of a gap, from when it became one.
                let start = last.reading.time + settings.maximumGap
                alerts += take(AttentionReading(time: start, sight: .unseen(.noPicture)))
            }
        }
        return alerts + take(reading)
    }

    /// Takes in that time has passed without a picture.
    ///
    /// - Parameter time: Media time up to which there is none.
    /// - Returns: Alerts that end with it, in the order of their kinds.
    package mutating func advance(to time: MediaTime) -> [AttentionAlert] {
        update(AttentionReading(time: time, sight: .unseen(.noPicture)))
    }

    // MARK: Taking in

    private mutating func take(_ reading: AttentionReading) -> [AttentionAlert] {
        learn(until: reading.time)
        let moment = judge(reading)
        blinks.update(moment.openness, at: reading.time)
        last = moment
        return AttentionAlertKind.allCases.compactMap { decide($0, at: moment) }
    }

    /// Adds what the last reading said for the time until this one.
    private mutating func learn(until time: MediaTime) {
        defer {
            closedTime.advance(to: time)
            blinks.advance(to: time, window: settings.window)
        }
        guard let last, time - last.reading.time <= settings.maximumGap else { return }
        let span = MediaInterval(start: last.reading.time, end: time)
        if let face = last.reading.face {
            for eye in Eye.allCases { if let ratio = face[eye] { baseline.learn(ratio, of: eye, for: span.duration) } }
            if let gaze = face.gaze { usualGaze.learn(gaze, for: span.duration) }
            usualHead.learn(Gaze(of: face.pose), for: span.duration)
        }
        if let isClosed = last.isClosed { closedTime.add(span, isSo: isClosed) }
    }

    private func judge(_ reading: AttentionReading) -> Moment {
        var moment = Moment(reading: reading, values: [:])
        switch reading.sight {
        case .unseen: break
        case .noFace: moment.values[.faceLost] = 1
        case .face(let face):
            moment.values[.faceLost] = 0
            moment.values[.yawn] = face.mouth.map(Double.init)
            moment.gaze = face.gaze ?? Gaze(of: face.pose)
            moment.openness = baseline.openness(of: face)
            if let openness = moment.openness {
                let closure = 1 - Double(min(1, openness))
                moment.values[.microsleep] = closure
                moment.isClosed = closure >= settings.closed
                let share = closedTime.share
                if share.known >= settings.knownShare { moment.values[.drowsiness] = share.share }
            }
            if let gaze = face.gaze {
                moment.values[.distraction] = usualGaze.angle(to: gaze)
            } else {
                moment.values[.distraction] = usualHead.angle(to: Gaze(of: face.pose))
            }
        }
        return moment
    }

    private mutating func decide(_ kind: AttentionAlertKind, at moment: Moment) -> AttentionAlert? {
        let (time, value) = (moment.reading.time, moment.values[kind])
        guard let change = conditions[kind]?.update(value, at: time) else { return nil }
        let limits = settings.limits(of: kind)
        let make = { (phase: AttentionAlert.Phase, since: MediaTime, threshold: Double) in
            AttentionAlert(
                kind: kind,
                phase: phase,
                time: time,
                since: since,
                measure: kind.measure,
                value: value,
                threshold: threshold
            )
        }
        switch change {
        case .begun(let since):
            if kind == .yawn { yawns = yawns.suffix(Self.mostYawns - 1) + [since] }
            return make(.begun, since, limits.begin)
        case .cleared(let since): return make(.cleared, since, limits.end)
        case .lost(let since): return make(.unobserved, since, limits.end)
        }
    }

    // MARK: Reporting

    /// What is known; nil before the first reading.
    package var summary: AttentionSummary? {
        guard let last else { return nil }
        let time = last.reading.time
        let active = AttentionAlertKind.allCases.filter { conditions[$0]?.isActive == true }
        let reason = ignorance(in: last)
        let share = closedTime.share
        let isKnown = share.known >= settings.knownShare
        return AttentionSummary(
            time: time,
            verdict: active.isEmpty ? (reason == nil ? .clear : .unknown) : .alert,
            reason: active.isEmpty ? reason : nil,
            active: active,
            openness: last.openness.map(Double.init),
            perclos: isKnown ? share.share : nil,
            knownShare: share.known,
            blinkRate: isKnown ? blinks.rate(over: closedTime.knownTime) : nil,
            blinkSeconds: blinks.meanSeconds,
            yawns: yawns.count { time - $0 <= Self.yawnMemory },
            pose: last.reading.face?.pose,
            gaze: last.gaze,
            gazeAngle: last.values[.distraction]
        )
    }

    /// Blinks of the window, the oldest first.
    package var recentBlinks: [Blink] { blinks.blinks }

    private func ignorance(in moment: Moment) -> String? {
        switch moment.reading.sight {
        case .unseen(.dark): return "the picture is dark"
        case .unseen(.flat): return "the picture shows one flat colour"
        case .unseen(.noPicture): return "there is no picture"
        case .noFace: return "no face in the picture"
        case .face(let face):
            if face.rightEye == nil && face.leftEye == nil { return "the eyes cannot be judged" }
            if moment.openness == nil { return "the person's open eyes are not known yet" }
            return moment.values[.distraction] == nil ? "the person's usual gaze is not known yet" : nil
        }
    }
}

extension AttentionAlertKind {
    /// What the alert is decided on.
    package var measure: AttentionMeasure {
        switch self {
        case .drowsiness: .perclos
        case .microsleep: .closure
        case .yawn: .mouthRatio
        case .distraction: .gazeAngle
        case .faceLost: .faceAbsence
        }
    }
}

extension AttentionSettings {
    /// The limits of an alert.
    fileprivate func limits(of kind: AttentionAlertKind) -> HeldCondition.Limits {
        let (begin, end, hold): (Double, Double, Duration) =
            switch kind {
            case .drowsiness: (drowsy, awake, .zero)
            case .microsleep: (closed, reopened, microsleepAfter)
            case .yawn: (yawn, yawnEnd, yawnAfter)
            case .distraction: (gazeLimit, gazeEnd, gazeAfter)
            case .faceLost: (0.5, 0.5, faceLostAfter)
            }
        return HeldCondition.Limits(begin: begin, end: end, hold: hold, release: release, tolerance: tolerance)
    }
}
