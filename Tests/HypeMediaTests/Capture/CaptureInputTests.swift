import Foundation
import HypeCore
import HypeMedia
import Testing

/// Sources of libavfilter in place of devices, in real time; a name without a source is a device that is missing.
struct FilterBackend: CaptureBackend {
    func open(
        _ name: String,
        role: CaptureRole,
        settings: CaptureSettings,
        clock: SessionClock
    ) throws(CaptureFailure) -> any CaptureDevice {
        guard name.contains("=") else {
            throw CaptureFailure(.missing, "\(name) does not exist. Plug it in, or choose another one.")
        }
        return try FormatDevice(CaptureAddress(format: "lavfi", url: name), name: name, role: role, clock: clock)
    }

    func devices() throws(CaptureFailure) -> [CaptureDeviceInfo] { [] }
}

@Suite("Capture as a live source", .serialized)
struct CaptureInputTests {
    private static let screen = "testsrc2=size=320x180:rate=30,format=bgr0,realtime"
    private static let camera = "testsrc2=size=160x120:rate=25,format=yuyv422,realtime"
    private static let voice = "sine=frequency=300:sample_rate=44100,arealtime"
    private static let game = "sine=frequency=900:sample_rate=48000,aformat=channel_layouts=stereo,arealtime"

    private func settings(
        screen: String? = screen,
        camera: String? = nil,
        microphone: String? = nil,
        desktopSound: String? = nil
    ) -> CaptureSettings {
        CaptureSettings(
            screen: screen,
            camera: camera,
            microphone: microphone,
            desktopSound: desktopSound,
            width: 320,
            height: 180
        )
    }

    private func open(_ settings: CaptureSettings, interrupt: MediaInterrupt = MediaInterrupt()) throws -> CaptureInput
    {
        try CaptureInput(
            settings,
            clock: SessionClock(origin: SessionClock.monotonic),
            backend: FilterBackend(),
            interrupt: interrupt
        )
    }

    /// Takes packets until something is true, at most for so many seconds of the session.
    private func take(
        from input: CaptureInput,
        seconds: Double,
        until condition: ([Packet]) -> Bool
    ) throws -> [Packet] {
        var packets: [Packet] = []
        while let packet = try input.next() {
            packets.append(packet.packet)
            if condition(packets) || input.board.clock.now.seconds > seconds { break }
        }
        return packets
    }

    private func newest(_ packets: [Packet], of track: TrackID) -> Double {
        packets.last { $0.trackID == track }?.end?.seconds ?? 0
    }

    @Test("all devices come as one stream on the session's clock")
    func comesTogether() throws {
        let input = try open(
            settings(camera: Self.camera, microphone: Self.voice, desktopSound: Self.game)
        )
        #expect(input.streams.map(\.id) == [.picture, .sound, .microphone])
        #expect(input.cameraRegion == PixelRegion(x: 236, y: 130, width: 80, height: 46))
        let packets = try take(from: input, seconds: 20) { packets in
            [TrackID.picture, .sound, .microphone].allSatisfy { newest(packets, of: $0) > 3 }
        }
        for track in [TrackID.picture, .sound, .microphone] {
            let times = packets.filter { $0.trackID == track }.compactMap(\.dts)
            #expect(zip(times.dropFirst(), times).allSatisfy { $0 > $1 })
            #expect(newest(packets, of: track) > 3)
            // Nothing lies in the future.
            #expect(newest(packets, of: track) < input.board.clock.now.seconds + 0.05)
        }
        #expect(packets.first { $0.kind == .video }?.isKey == true)
        #expect(input.health.allSatisfy { $0.state == .running })
        input.close()
        #expect(try input.next()?.packet.pts == nil)
    }

    @Test("a missing camera is named with its remedy while the rest goes on, and tried again")
    func goesOnWithoutCamera() throws {
        let input = try open(settings(camera: "/dev/video9", microphone: Self.voice))
        let packets = try take(from: input, seconds: 20) { _ in
            input.board.figures.retries[.camera, default: 0] >= 2 && input.board.clock.now.seconds > 1.5
        }
        let camera = try #require(input.health.first { $0.role == .camera })
        #expect(camera.state == .failed || camera.state == .opening)
        #expect(input.health.filter { $0.role != .camera }.allSatisfy { $0.state == .running })
        #expect(input.board.figures.retries[.camera, default: 0] >= 2)
        #expect(newest(packets, of: .picture) > 1)
        #expect(newest(packets, of: .sound) > 1)
        func isNamed() -> Bool {
            input.health.contains { $0.state == .failed && $0.reason?.contains("Plug it in") == true }
        }
        _ = try take(from: input, seconds: 30) { _ in isNamed() }
        #expect(isNamed())
    }

    @Test("a microphone that is unplugged and plugged in again comes back by itself")
    func comesBack() throws {
        // The source ends after a second, each time that it is opened.
        let input = try open(settings(microphone: "sine=frequency=300:duration=1,arealtime"))
        let packets = try take(from: input, seconds: 20) { packets in
            input.board.figures.retries[.microphone, default: 0] >= 2 && newest(packets, of: .microphone) > 3
        }
        #expect(input.board.figures.retries[.microphone, default: 0] >= 2)
        // The sound goes on without a hole: where the microphone is away it is silent.
        let sound = packets.filter { $0.trackID == .sound }.compactMap(\.pts)
        #expect(zip(sound.dropFirst(), sound).allSatisfy { $0 - $1 == 1024 })
        #expect(input.board.figures.sound[.microphone]?.missing ?? 0 > 4800)
    }

    @Test("a covered camera and a muted microphone are reported within five seconds")
    func reportsEmptiness() throws {
        let input = try open(
            settings(
                screen: nil,
                camera: "color=black:size=160x120:rate=15,format=yuyv422,realtime",
                microphone: "anullsrc=channel_layout=mono:sample_rate=48000,arealtime"
            )
        )
        _ = try take(from: input, seconds: 12) { _ in
            input.health.map(\.state) == [.covered, .silent]
        }
        #expect(input.health.map(\.state) == [.covered, .silent])
        #expect(input.board.clock.now.seconds < 6)
        #expect(input.health.allSatisfy { !$0.isWell && $0.reason != nil })
    }

    @Test("nobody who takes packets is waited for: they are dropped and counted, up to the next key frame")
    func dropsPackets() {
        let queue = PacketQueue()
        let large = [UInt8](repeating: 0, count: 1 << 20)
        func packet(_ time: Int64, isKey: Bool) -> Packet {
            Packet(
                kind: .video,
                pts: time,
                dts: time,
                duration: 1,
                timebase: Timebase(1, 30),
                isKey: isKey,
                bytes: PacketBytes(large)
            )
        }
        for time in 0..<17 { queue.add(packet(Int64(time), isKey: time % 5 == 0)) }
        var taken: [Int64] = []
        while let packet = queue.take(waiting: .zero) { taken.append(packet.pts ?? -1) }
        // The eighth does not fit any more, and the next key frame is the eleventh.
        #expect(taken == Array(10...16))
        #expect(queue.lost == 10)
    }

    @Test("the switch ends a wait, and nothing wanted is refused")
    func ends() throws {
        let interrupt = MediaInterrupt()
        let input = try open(settings(), interrupt: interrupt)
        _ = try input.next()
        interrupt.cancel()
        #expect(throws: MediaError.cancelled) { try input.next() }
        #expect { try open(settings(screen: nil)) } throws: { ($0 as? MediaError)?.code == .noStreams }
    }

    @Test(
        "refusals name a remedy",
        arguments: [
            ("v4l2", Int32(-16), CaptureFailure.Code.busy), ("v4l2", -13, .permission), ("v4l2", -2, .missing),
            ("pulse", -6, .missing), ("pulse", -3, .missing), ("pulse", -5, .missing), ("pulse", -1, .permission),
            ("x11grab", -5, .missing),
            ("alsa", -16, .busy), ("alsa", -71, .unusable),
        ]
    )
    func namesRemedies(format: String, code: Int32, expected: CaptureFailure.Code) {
        let failure = DeviceRefusal.failure(code, role: .camera, name: "name", format: format)
        #expect(failure.code == expected)
        #expect(failure.message.contains(". "))
        #expect(failure.cause != nil)
    }
}
