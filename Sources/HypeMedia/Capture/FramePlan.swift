package import HypeCore

/// Puts the pictures of devices onto a grid of fixed frames.
///
/// Each device has a lane. A picture belongs to the frame that is nearest in time, or to the one that follows the
/// picture before where that is hardly farther, so that pictures which lie between two frames do not hop. A frame for
/// which nothing came repeats the picture before; of two pictures for one frame the later is shown. Frames come out in
/// order, each once, as soon as all lanes have something for it, at the latest after ``patience``. Where whoever takes
/// them is behind by more than ``tolerance``, frames are left out rather than piled up. No clock runs in here.
package struct FramePlan<Picture> {
    /// A frame that is due.
    package struct Frame {
        /// Number of the frame; its time is this over the rate.
        package let index: Int64
        /// The lanes' new pictures; lanes that repeat theirs are missing.
        package let pictures: [CaptureRole: Picture]
    }

    /// What happened to pictures and frames so far.
    package struct Counts: Hashable, Sendable {
        /// Pictures that nobody saw: too late, or two for one frame.
        package var dropped = 0
        /// Times that a lane had nothing new.
        package var repeated = 0
        /// Frames that were left out because whoever takes them was behind.
        package var skipped = 0
    }

    fileprivate struct Lane {
        var waiting: [(index: Int64, picture: Picture)] = []
        var last: Int64?
    }

    /// How long a frame is waited for.
    package static var patience: Duration { .milliseconds(100) }
    /// How far frames may be behind before some are left out.
    package static var tolerance: Duration { .milliseconds(400) }
    /// Pictures that wait in a lane, at most.
    package static var capacity: Int { 6 }
    /// Farthest that a picture lies from the frame that follows the one before, in frames.
    private static var reach: Double { 0.6 }

    private let rate: Int
    private var lanes: [CaptureRole: Lane]
    private var next: Int64?
    /// What happened so far.
    package private(set) var counts = Counts()

    /// Creates an empty plan.
    ///
    /// - Parameters:
    ///   - rate: Frames per second, at least 1.
    ///   - lanes: What brings pictures.
    package init(rate: Int, lanes: [CaptureRole]) {
        self.rate = max(1, rate)
        self.lanes = Dictionary(uniqueKeysWithValues: lanes.map { ($0, Lane()) })
    }

    /// The time of a frame.
    package func time(of index: Int64) -> MediaTime {
        MediaTime(pts: index, timebase: Timebase(1, Int32(clamping: rate)))
    }

    /// Takes a picture.
    ///
    /// - Parameters:
    ///   - picture: The picture.
    ///   - role: Its lane.
    ///   - time: When it was taken.
    package mutating func add(_ picture: Picture, to role: CaptureRole, at time: MediaTime) {
        guard var lane = lanes[role] else { return }
        defer { lanes[role] = lane }
        let index = place(time, after: lane.last)
        if let next, index < next {
            counts.dropped += 1
            return
        }
        if let last = lane.waiting.last, last.index >= index {
            lane.waiting.removeLast()
            counts.dropped += 1
        } else if lane.waiting.count >= Self.capacity {
            lane.waiting.removeFirst()
            counts.dropped += 1
        }
        lane.waiting.append((index, picture))
        lane.last = index
    }

    /// Takes the next frame that is due.
    ///
    /// - Parameter now: The time.
    /// - Returns: The frame; nil where it is not due yet.
    package mutating func take(at now: MediaTime) -> Frame? {
        let newest = Int64(((now - Self.patience).seconds * Double(rate)).rounded(.down))
        guard var index = next else {
            // Nothing was shown yet: the frames begin with the clock.
            next = max(0, newest)
            return nil
        }
        if newest - index > Int64(Self.tolerance.inSeconds * Double(rate)) {
            counts.skipped += Int(newest - index)
            index = newest
            next = newest
        }
        let isLate = time(of: index) + Self.patience <= now
        guard isLate || lanes.values.allSatisfy({ ($0.waiting.last?.index ?? .min) >= index }) else { return nil }
        next = index + 1
        var pictures: [CaptureRole: Picture] = [:]
        for role in lanes.keys {
            while let first = lanes[role]?.waiting.first, first.index <= index {
                if pictures.updateValue(first.picture, forKey: role) != nil { counts.dropped += 1 }
                lanes[role]?.waiting.removeFirst()
            }
            if pictures[role] == nil { counts.repeated += 1 }
        }
        return Frame(index: index, pictures: pictures)
    }

    /// When the next frame is due at the latest.
    package var deadline: MediaTime { time(of: next ?? 0) + Self.patience }

    private func place(_ time: MediaTime, after last: Int64?) -> Int64 {
        let exact = time.seconds * Double(rate)
        if let last, abs(exact - Double(last + 1)) <= Self.reach { return last + 1 }
        return Int64(exact.rounded())
    }
}

extension FramePlan.Lane: Sendable where Picture: Sendable {}
extension FramePlan: Sendable where Picture: Sendable {}
extension FramePlan.Frame: Sendable where Picture: Sendable {}
