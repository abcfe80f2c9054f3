import CFFmpeg
package import HypeCore

/// Reads the sound of a recording as 16 kHz mono blocks that are true to the media clock.
///
/// Blocks come in order and never overlap. Each begins where the one before ended, unless the recording has a gap of
/// more than 2 s; shorter gaps are silence. Belongs to one thread at a time.
package final class AudioReader {
    /// Packets that were damaged or refused by the decoder so far.
    package var damagedPackets: Int { source.damagedPackets + decoder.damagedPackets }

    private let source: MediaSource
    private let stream: StreamInfo
    private let decoder: Decoder
    private let holder: PacketHolder
    private let samples = SampleStream(rate: AudioBlock.sampleRate, channels: 1)
    private let blockSize: Int
    private var wanted: MediaInterval?
    private var ready: [AudioBlock] = []
    private var isFinished = false

    /// Lead-in that is decoded and dropped after seeking, for codecs whose frames lean on those before.
    private static let leadIn = Duration.milliseconds(250)

    /// Opens the sound track, to be read from the beginning to the end.
    ///
    /// - Parameters:
    ///   - file: The recording.
    ///   - blockSize: Samples per block, at least 1; the last block of a run may be longer or shorter.
    ///   - isSequential: Whether the track is only read once from its beginning, which opens quicker.
    ///   - interrupt: The switch that ends all calls.
    /// - Throws: ``MediaError``, with code `.noAudio` where there is no sound track.
    package init(
        _ file: MediaFile,
        blockSize: Int = 8000,
        isSequential: Bool = false,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) {
        source =
            isSequential
            ? try MediaSource(reading: file, kinds: [.audio], interrupt: interrupt)
            : try MediaSource(file, kinds: [.audio], interrupt: interrupt)
        guard let stream = source.audio else {
            throw MediaError(.noAudio, "\(file.path) has no sound track.")
        }
        self.stream = stream
        self.blockSize = max(1, blockSize)
        decoder = try Decoder(stream)
        holder = try PacketHolder()
    }

    /// Goes on reading at a stretch of the recording, cut exactly to it.
    ///
    /// - Parameter interval: The wanted stretch on the media clock.
    /// - Throws: ``MediaError`` where the file cannot be moved in.
    package func start(_ interval: MediaInterval) throws(MediaError) {
        try source.seek(to: interval.start - Self.leadIn)
        decoder.flush()
        samples.reset()
        ready = []
        isFinished = false
        wanted = interval
    }

    /// Decodes the next block.
    ///
    /// - Returns: The block, or nil at the end of the stretch.
    /// - Throws: ``MediaError/cancelled``, or ``MediaError`` where the disk fails.
    package func next() throws(MediaError) -> AudioBlock? {
        while ready.isEmpty, !isFinished {
            if try source.read(into: holder) {
                decoder.send(holder)
                decodeFrames()
                collect(all: false)
            } else {
                decoder.send(nil)
                decodeFrames()
                samples.drain()
                collect(all: true)
                isFinished = true
            }
        }
        return ready.isEmpty ? nil : ready.removeFirst()
    }

    private func decodeFrames() {
        while decoder.receive() {
            samples.push(decoder.frame, at: decoder.time)
        }
    }

    private func collect(all: Bool) {
        for run in samples.take(atLeast: blockSize, all: all) {
            let block = AudioBlock(start: run.start, samples: run.samples)
            guard let wanted else {
                ready.append(block)
                continue
            }
            if let cut = block.cut(to: wanted) { ready.append(cut) }
            if block.end >= wanted.end { isFinished = true }
        }
    }
}

extension AudioBlock {
    /// The samples whose times lie in an interval, or nil where there are none.
    func cut(to interval: MediaInterval) -> AudioBlock? {
        let rate = Double(Self.sampleRate)
        func index(_ time: MediaTime) -> Int {
            let position = ((time - start).inSeconds * rate).rounded(.up)
            return Int(min(Double(samples.count), max(0, position)))
        }
        let first = index(interval.start)
        let last = index(interval.end)
        guard last > first else { return nil }
        let offset = Duration.nanoseconds(Int64(first) * 1_000_000_000 / Int64(Self.sampleRate))
        return AudioBlock(start: start + offset, samples: Array(samples[first..<last]))
    }
}
