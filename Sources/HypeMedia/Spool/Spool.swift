import Foundation
package import HypeCore
import Synchronization

/// The packets of a whole session on disk, in files of a few seconds, of which the oldest go when there is no room.
///
/// One thread writes; any thread reads. What is there after a crash is found by looking at the files.
package final class Spool: Sendable {
    /// How a spool is kept.
    package struct Settings: Hashable, Sendable {
        /// Folder that belongs to the spool alone.
        package var folder: String
        /// Bytes that the spool may have on disk.
        package var bytes: Int64
        /// A part ends at the first key frame after this.
        package var partSpan: Duration
        /// A part ends after this even without a key frame.
        package var longestPart: Duration

        /// Creates settings.
        package init(
            folder: String,
            bytes: Int64 = 8 << 30,
            partSpan: Duration = .seconds(2),
            longestPart: Duration = .seconds(4)
        ) {
            self.folder = folder
            self.bytes = bytes
            self.partSpan = partSpan
            self.longestPart = longestPart
        }
    }

    /// How a spool is.
    package struct Status: Hashable, Sendable {
        /// Bytes on disk.
        package var bytes: Int64
        /// When the oldest part begins, or nil while there is none.
        package var start: MediaTime?
        /// Why packets are not written, or nil while they are.
        package var reason: String?
    }

    private struct State {
        var index = SpoolIndex()
        var reason: String?
        var lastFailure = ContinuousClock.now
    }

    /// Time without a failure after which the disk counts as well again.
    private static let recovery = Duration.seconds(5)

    /// How the spool is kept.
    package let settings: Settings
    private let state: Mutex<State>

    /// Opens a spool and finds out what is in it.
    ///
    /// - Parameter settings: How it is kept; its folder is made where it is missing.
    /// - Throws: ``MediaError`` with code `.cannotWrite` where the folder cannot be made.
    package init(_ settings: Settings) throws(MediaError) {
        self.settings = settings
        do {
            try FileManager.default.createDirectory(
                atPath: settings.folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw MediaError(
                .cannotWrite,
                "The folder of the spool cannot be made. Check the rights of the data folder.",
                cause: "\(error)"
            )
        }
        state = Mutex(State(index: Self.survey(settings.folder)))
    }

    /// How the spool is now.
    package var status: Status {
        state.withLock { Status(bytes: $0.index.bytes, start: $0.index.start, reason: $0.reason) }
    }

    /// What is in the spool now.
    package var index: SpoolIndex { state.withLock { $0.index } }

    /// Reads a stretch.
    ///
    /// - Parameters:
    ///   - interval: The stretch.
    ///   - epoch: Which tracks.
    ///   - limit: Bytes of packets that are read at most.
    /// - Returns: Packets from the key frame before the stretch on, or nil where none are there.
    package func read(_ interval: MediaInterval, epoch: Int, limit: Int) -> ReplaySnapshot? {
        read(index.parts(for: interval, epoch: epoch), limit: limit)
    }

    /// Reads the newest stretch, for the ring of a worker that takes over.
    ///
    /// - Parameters:
    ///   - span: Media time that is wanted.
    ///   - limit: Bytes of packets that are read at most.
    /// - Returns: The packets and the number of their epoch, or nil where the spool is empty.
    package func tail(span: Duration, limit: Int) -> (snapshot: ReplaySnapshot, epoch: Int)? {
        let parts = index.tail(span: span, bytes: Int64(limit))
        guard let epoch = parts.last?.epoch, let snapshot = read(parts, limit: limit) else { return nil }
        return (snapshot, epoch)
    }

    private func read(_ parts: [SpoolIndex.Part], limit: Int) -> ReplaySnapshot? {
        var streams: [StreamInfo] = []
        var packets: [Packet] = []
        var bytes = 0
        for part in parts {
            // A part may have gone since; what is left of the stretch is still of use.
            guard let content = SpoolPartReader(path: path(of: part.number)) else { continue }
            bytes += content.usableBytes
            guard bytes <= limit else { break }
            streams = content.streams
            packets += content.packets
        }
        return packets.isEmpty ? nil : ReplaySnapshot(streams: streams, packets: packets)
    }
}

// MARK: - What the writing thread does

extension Spool {
    /// Opens the next part.
    func makePart(epoch: Int, streams: [StreamInfo], start: MediaTime) throws(MediaError) -> SpoolPartWriter {
        let number = index.nextNumber
        return try SpoolPartWriter(
            path: path(of: number),
            number: number,
            epoch: epoch,
            streams: streams,
            start: start
        )
    }

    /// Takes note of what was written, and makes room.
    func wrote(_ part: SpoolIndex.Part) {
        let evicted = state.withLock { state in
            if ContinuousClock.now - state.lastFailure > Self.recovery { state.reason = nil }
            state.index.update(part)
            return state.index.evict(toBytes: settings.bytes)
        }
        for part in evicted { unlink(path(of: part.number)) }
    }

    /// Takes note that something could not be written, and drops the oldest part.
    ///
    /// - Returns: Whether there was one to drop.
    func failed(_ error: MediaError) -> Bool {
        let oldest = state.withLock { state in
            state.reason = error.message
            state.lastFailure = .now
            return error.code == .diskFull ? state.index.removeOldest() : nil
        }
        guard let oldest else { return false }
        unlink(path(of: oldest.number))
        return true
    }

    private func path(of number: Int) -> String { settings.folder + "/" + Self.name(of: number) }

    private static func name(of number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 10 - digits.count)) + digits + ".packets"
    }

    private static func survey(_ folder: String) -> SpoolIndex {
        var index = SpoolIndex()
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        for name in names where name.hasSuffix(".packets") {
            guard let number = Int(name.dropLast(8)), number > 0 else { continue }
            if let part = part(number, path: folder + "/" + name) {
                index.update(part)
            } else {
                // Cut off before its first packet, so there is nothing to lose; its number is used again.
                unlink(folder + "/" + name)
            }
        }
        return index
    }

    private static func part(_ number: Int, path: String) -> SpoolIndex.Part? {
        guard let ends = SpoolPartReader.ends(path: path) else { return nil }
        if let foot = ends.foot {
            return SpoolIndex.Part(
                number: number,
                epoch: ends.head.epoch,
                start: foot.start,
                end: foot.end,
                firstKey: foot.firstKey,
                bytes: ends.bytes
            )
        }
        // The writer died: what it wrote has to be looked through.
        guard let content = SpoolPartReader(path: path),
            let start = content.packets.lazy.compactMap(\.decodingTime).min(),
            let end = content.packets.lazy.compactMap(\.end).max()
        else { return nil }
        let hasPicture = content.streams.contains { $0.kind == .video }
        let key = content.packets.first { hasPicture ? $0.kind == .video && $0.isKey : true }
        return SpoolIndex.Part(
            number: number,
            epoch: ends.head.epoch,
            start: start,
            end: end,
            firstKey: key?.time,
            bytes: ends.bytes
        )
    }
}
