import Foundation
import HypeCore
import HypeMedia
import Testing

#if !os(macOS)
@Suite("Capture of a real screen and a real sound server", .serialized, .enabled(if: Stage.isPossible))
struct RealCaptureTests {
    private func open(_ stage: Stage, microphone: String? = "voice.monitor") throws -> CaptureInput {
        try CaptureInput(
            CaptureSettings(
                screen: stage.display,
                microphone: microphone,
                desktopSound: "game.monitor",
                width: 640,
                height: 360
            ),
            clock: SessionClock(origin: SessionClock.monotonic),
            backend: LinuxCaptureBackend(soundServer: stage.soundServer)
        )
    }

    private func take(_ input: CaptureInput, until isEnough: ([Packet]) -> Bool) throws -> [Packet] {
        var packets: [Packet] = []
        while let packet = try input.next() {
            packets.append(packet.packet)
            if isEnough(packets) || input.board.clock.now.seconds > 20 { break }
        }
        return packets
    }

    /// Loudness of a sound track by quarters of a second, in dB of full scale.
    private func loudness(_ streams: [StreamInfo], _ packets: [Packet], of track: TrackID) throws -> [Double] {
        let path = TestMedia.scratch("sound.mp4")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let snapshot = ReplaySnapshot(
            streams: streams.filter { $0.id == track },
            packets: packets.filter { $0.trackID == track }
        )
        let end = snapshot.packets.compactMap(\.end).max() ?? .zero
        _ = try ClipWriter().write(snapshot, interval: MediaInterval(start: .zero, end: end), to: path)
        let sound = try Sound(MediaFile(path: path))
        let samples = sound.blocks.flatMap(\.samples)
        return stride(from: 0, to: samples.count - 4000, by: 4000).map { start in
            10 * log10(samples[start..<start + 4000].reduce(1e-12) { $0 + Double($1 * $1) } / 4000)
        }
    }

    @Test("the screen is seen as it was painted, and speech is heard in both sound tracks")
    func seesAndHears() throws {
        let stage = try Stage()
        defer { stage.end() }
        let input = try open(stage)
        defer { input.close() }
        try stage.paint("#ff0000")
        var packets = try take(input) { packets in
            (packets.last?.time?.seconds ?? 0) > 3 && input.health.allSatisfy { $0.state == .running }
        }
        try stage.paint("#0000ff")
        try stage.speak("Did you see that? What a shot, I can not believe it.")
        let spoken = input.board.clock.now
        packets += try take(input) { ($0.last?.time ?? .zero) > spoken + .milliseconds(300) }
        let path = TestMedia.scratch("screen.mp4")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let snapshot = ReplaySnapshot(streams: input.streams, packets: packets)
        _ = try ClipWriter().write(snapshot, interval: MediaInterval(start: .zero, end: spoken), to: path)
        let reader = try FrameReader(
            MediaFile(path: path),
            settings: .init(step: .milliseconds(500), selection: .all)
        )
        var colors: [[UInt8]] = []
        while let frame = try reader.next() { colors.append(Array(frame.image.bytes.prefix(3))) }
        let isRed = colors.map { $0[0] > 220 && $0[2] < 40 }
        let isBlue = colors.map { $0[2] > 220 && $0[0] < 40 }
        #expect(isRed.filter { $0 }.count >= 3)
        #expect(isBlue.last == true)
        for track in [TrackID.sound, .microphone] {
            let levels = try loudness(input.streams, packets, of: track)
            print("speech in sound track \(track.number), dB: \(levels.map { Int($0) })")
            #expect((levels.max() ?? -120) > -25)
            #expect((levels.min() ?? 0) < -55)
        }
    }

    @Test("the sound server dies and comes back: the screen goes on, the remedy is named")
    func survivesSoundServer() throws {
        let stage = try Stage()
        defer { stage.end() }
        let input = try open(stage)
        defer { input.close() }
        _ = try take(input) { _ in input.health.allSatisfy { $0.state == .running } }
        let died = input.board.clock.now
        stage.endSound()
        let packets = try take(input) { _ in
            input.health.filter { !$0.role.isPicture }.allSatisfy {
                $0.state == .failed && $0.reason?.contains("Start PulseAudio") == true
            }
        }
        #expect(input.board.clock.now - died < .seconds(5), "\(input.health)")
        #expect(input.health.first { $0.role == .screen }?.state == .running)
        let later = try take(input) { ($0.last?.time ?? .zero) > died + .seconds(6) }
        let pictures = (packets + later).filter { $0.kind == .video }.compactMap(\.pts)
        #expect(zip(pictures.dropFirst(), pictures).allSatisfy { $0 - $1 == 1 })
        #expect(later.contains { $0.trackID == .microphone })
    }

    @Test("a source that is not there is named with its remedy")
    func namesMissingSource() throws {
        let stage = try Stage()
        defer { stage.end() }
        let input = try open(stage, microphone: "nobody")
        defer { input.close() }
        _ = try take(input) { _ in input.health.contains { $0.state == .failed } }
        let microphone = try #require(input.health.first { $0.role == .microphone })
        #expect(microphone.reason?.contains("pactl list short sources") == true)
    }

    @Test("devices are listed by what they bring")
    func listsDevices() throws {
        let stage = try Stage()
        defer { stage.end() }
        let devices = try LinuxCaptureBackend(soundServer: stage.soundServer).devices()
        #expect(devices.contains { $0.role == .screen && $0.name == stage.display })
        #expect(devices.filter { $0.role == .desktopSound }.map(\.name).sorted() == ["game.monitor", "voice.monitor"])
        #expect(devices.allSatisfy { !$0.title.isEmpty })
    }

    @Test("no display is named with its remedy")
    func namesMissingDisplay() {
        #expect {
            _ = try LinuxCaptureBackend().open(
                ":4711",
                role: .screen,
                settings: CaptureSettings(screen: ":4711"),
                clock: SessionClock(origin: 0)
            )
        } throws: { error in
            let failure = error as? CaptureFailure
            return failure?.code == .missing && failure?.message.contains("$DISPLAY") == true
        }
    }
}
#endif
