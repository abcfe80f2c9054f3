import HypeCore
import HypeMedia
import Testing

@Suite("Names of devices")
struct CaptureAddressTests {
    private let settings = CaptureSettings(screen: ":0", camera: "0", microphone: "default", desktopSound: "x")

    @Test(
        "are understood",
        arguments: [
            (":0.0", CaptureRole.screen, "x11grab", ":0.0"),
            (":1+100,50", .screen, "x11grab", ":1+100,50"),
            ("/dev/video2", .camera, "v4l2", "/dev/video2"),
            ("2", .camera, "v4l2", "/dev/video2"),
            ("default", .microphone, "pulse", "default"),
            ("@DEFAULT_MONITOR@", .desktopSound, "pulse", "@DEFAULT_MONITOR@"),
            ("pulse:alsa_input.usb", .microphone, "pulse", "alsa_input.usb"),
            ("alsa:hw:1", .microphone, "alsa", "hw:1"),
        ]
    )
    func understands(name: String, role: CaptureRole, format: String, url: String) throws {
        let address = try CaptureAddress.linux(name, role: role, settings: settings)
        #expect(address.format == format)
        #expect(address.url == url)
        #expect(!address.attempts.isEmpty)
    }

    @Test(
        "that mean nothing are refused with a remedy",
        arguments: [
            ("wayland", CaptureRole.screen), ("", .screen), ("webcam", .camera), ("/dev/../etc/passwd", .camera),
            ("", .camera), ("", .microphone), ("alsa:", .microphone), ("a\nb", .desktopSound), (":0\u{7f}", .screen),
        ]
    )
    func refuses(name: String, role: CaptureRole) {
        #expect {
            try CaptureAddress.linux(name, role: role, settings: settings)
        } throws: { error in
            let failure = error as? CaptureFailure
            return failure?.code == .badName && failure?.message.contains("Give") == true
        }
    }

    @Test("out of random letters never reach FFmpeg as another kind of device")
    func survivesNoise() {
        var random = SplitMix64(seed: 7)
        let letters = Array("abc:/.0@+,\n\u{0}é alsa pulse dev video")
        for _ in 0..<5000 {
            let name = String((0..<random.index(below: 24)).map { _ in letters[random.index(below: letters.count)] })
            for role in CaptureRole.allCases {
                guard let address = try? CaptureAddress.linux(name, role: role, settings: settings) else { continue }
                let formats = role.isPicture ? [role == .screen ? "x11grab" : "v4l2"] : ["pulse", "alsa"]
                #expect(formats.contains(address.format))
                #expect(!address.url.isEmpty && !address.url.contains("\0"))
            }
        }
    }

    @Test("a microphone is tried with one channel first, and a camera without wishes last")
    func triesInOrder() throws {
        let microphone = try CaptureAddress.linux("alsa:hw:1", role: .microphone, settings: settings)
        #expect(microphone.attempts.map { $0["channels"] } == ["1", "2"])
        let camera = try CaptureAddress.linux("0", role: .camera, settings: settings)
        #expect(camera.attempts.last == [:])
    }
}
