package import HypeCore

/// Which pictures of a stream make up which clip: a pure machine over the pictures' times.
///
/// Clips follow each other without overlap on a grid of ``Settings/frameRate`` points per second that begins with the
/// first picture. At each point counts the picture that a player would show there, so a variable frame rate, or one
/// below or above the grid's, needs no special care. Of the points of a clip ``Settings/sampleCount`` are taken as
/// VideoMAE's authors do for Kinetics (`loadvideo_decord` in `kinetics.py` of MCG-NJU/VideoMAE): evenly from the first
/// to the last, whole parts only. By default 16 of 32 points, 133 ms apart on average, which is also the distance of
/// every fourth picture at 30 per second that the published weights were trained with.
///
/// Pictures are named by the order in which they come, from 0. A clip whose pictures end early is short: its last
/// picture fills it up, as the authors do. Where a picture stays longer than ``Settings/maximumHold``, the clip ends there
/// and the next one begins with the next picture; times that do not advance are passed over.
package struct VideoClipPlan: Sendable {
    /// How clips are cut.
    package struct Settings: Hashable, Sendable {
        /// Points of the grid per second, at least 1.
        package var frameRate: Int
        /// Points of the grid in a whole clip, at least 1.
        package var gridCount: Int
        /// Pictures that the model takes, at least 1.
        package var sampleCount: Int
        /// Points of the grid below which a short clip is dropped, unless it is the only one.
        package var minimumGridCount: Int
        /// Longest time that a picture stays on the screen, above zero.
        package var maximumHold: Duration

        /// Creates settings; values below their range are raised to it.
        ///
        /// - Parameters:
        ///   - length: Length of a clip; rounded to whole points of the grid.
        ///   - frameRate: Points of the grid per second.
        ///   - sampleCount: Pictures that the model takes.
        ///   - minimumLength: Length below which a short clip is dropped, unless it is the only one.
        ///   - maximumHold: Longest time that a picture stays on the screen.
        package init(
            length: Duration = .seconds(2),
            frameRate: Int = 16,
            sampleCount: Int = 16,
            minimumLength: Duration = .milliseconds(500),
            maximumHold: Duration = .seconds(1)
        ) {
            self.frameRate = max(1, frameRate)
            let rate = Double(self.frameRate)
            // A day of grid points is far more than any model takes and far less than an integer holds.
            let points = { (span: Duration) in Int(min(max(0, span.inSeconds), 86_400) * rate + 0.5) }
            gridCount = max(1, points(length))
            self.sampleCount = max(1, sampleCount)
            minimumGridCount = min(max(1, points(minimumLength)), gridCount)
            self.maximumHold = max(.milliseconds(1), maximumHold)
        }
    }

    /// A clip and its pictures.
    package struct Clip: Hashable, Sendable {
        /// The stretch that the clip stands for.
        package let interval: MediaInterval
        /// The model's pictures, by number, in order; one may come several times.
        package let frames: [Int]
        /// Whether its pictures ended before the clip was whole.
        package let isShort: Bool
    }

    /// What follows from a picture's coming, or from the end.
    package struct Step: Hashable, Sendable {
        /// Number of the new picture; nil where its time was passed over, and at the end.
        package var number: Int?
        /// Whether the picture before counts in a clip that is not finished, so that it has to be kept.
        package var keepsPrevious = false
        /// Clips that are complete now, the earlier one first.
        ///
        /// The picture before may be in them whatever ``keepsPrevious`` says.
        package var clips: [Clip] = []
    }

    /// How clips are cut.
    package let settings: Settings

    private var count = 0
    private var clipsGiven = 0
    /// Start of the grid; clip after clip it moves on by a whole clip.
    private var start: MediaTime?
    private var last: (number: Int, time: MediaTime)?
    /// Number of the picture at each point of the clip that is being filled.
    private var slots: [Int] = []

    /// Creates a plan.
    package init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// The numbers of pictures before this one are not asked for any more.
    package var firstNeeded: Int { slots.first ?? last?.number ?? count }

    /// Takes note of a picture.
    ///
    /// - Parameter time: Its presentation time.
    /// - Returns: What follows.
    package mutating func add(_ time: MediaTime) -> Step {
        var step = Step()
        if let last, time <= last.time { return step }
        if let last {
            let hold = last.time + settings.maximumHold
            fill(with: last.number, until: min(time, hold), into: &step)
            if time > hold {
                close(at: hold, into: &step)
                start = nil
            }
            step.keepsPrevious = slots.last == last.number
        }
        if start == nil { start = time }
        step.number = count
        last = (count, time)
        count += 1
        return step
    }

    /// Ends the stream: the last picture stays until then, and a clip that was begun is given as a short one.
    ///
    /// - Parameter end: End of the recording on the media clock; nil where it is not known: one point of the grid after
    ///   the last picture.
    /// - Returns: What follows; the plan begins anew with the next picture, whose number goes on.
    package mutating func finish(at end: MediaTime? = nil) -> Step {
        var step = Step()
        guard let last else { return step }
        let shown = max(end ?? last.time + interval(of: 1), last.time + .nanoseconds(1))
        let stop = min(shown, last.time + settings.maximumHold)
        fill(with: last.number, until: stop, into: &step)
        close(at: stop, into: &step)
        self.last = nil
        start = nil
        return step
    }

    /// The clips of pictures whose times are all known.
    ///
    /// - Parameters:
    ///   - times: Presentation times in order; those that do not advance get no number.
    ///   - end: As for ``finish(at:)``.
    ///   - settings: How clips are cut.
    /// - Returns: The clips in order.
    package static func clips(of times: [MediaTime], end: MediaTime? = nil, settings: Settings = Settings()) -> [Clip] {
        var plan = VideoClipPlan(settings: settings)
        return times.flatMap { plan.add($0).clips } + plan.finish(at: end).clips
    }

    /// Which points of a clip the model's pictures are taken from.
    ///
    /// - Parameters:
    ///   - available: Points that have a picture, at least 1.
    ///   - settings: How clips are cut.
    /// - Returns: Points from 0 to `available - 1`, ascending, ``Settings/sampleCount`` of them.
    package static func samples(of available: Int, settings: Settings) -> [Int] {
        let distance = max(1, settings.gridCount / settings.sampleCount)
        let isWhole = available >= settings.gridCount
        let moving = isWhole ? settings.sampleCount : min(settings.sampleCount, available / distance)
        // Product of a rounded step, as NumPy's `linspace` computes it, or else some points come out one lower.
        let step = moving > 1 ? Double(available) / Double(moving - 1) : 0
        return (0..<settings.sampleCount).map { index in
            let isLast = index >= moving || index == moving - 1 && moving > 1
            return isLast ? available - 1 : min(Int(Double(index) * step), available - 1)
        }
    }

    /// Gives the points up to a time to a picture.
    private mutating func fill(with number: Int, until end: MediaTime, into step: inout Step) {
        while let origin = start, origin + interval(of: slots.count) < end {
            slots.append(number)
            if slots.count == settings.gridCount {
                step.clips.append(clip(endingAt: origin + interval(of: slots.count)))
                start = origin + interval(of: slots.count)
                slots = []
            }
        }
    }

    /// Gives what there is of a clip, where that is enough.
    private mutating func close(at end: MediaTime, into step: inout Step) {
        if !slots.isEmpty, slots.count >= settings.minimumGridCount || clipsGiven == 0 {
            step.clips.append(clip(endingAt: end))
        }
        slots = []
    }

    private mutating func clip(endingAt end: MediaTime) -> Clip {
        clipsGiven += 1
        return Clip(
            interval: MediaInterval(start: start ?? end, end: end),
            frames: Self.samples(of: slots.count, settings: settings).map { slots[$0] },
            isShort: slots.count < settings.gridCount
        )
    }

    /// Time from the grid's start to one of its points.
    private func interval(of points: Int) -> Duration {
        .nanoseconds(Int64(points) * 1_000_000_000 / Int64(settings.frameRate))
    }
}
