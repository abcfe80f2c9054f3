import HypeServer
import Testing

@Suite
struct ServerSettingsTests {
    @Test
    func theUsualSettingsFitTogether() throws { try ServerSettings().validate() }

    @Test(arguments: ["0.0.0.0", "192.168.1.2", "::", "stream.example"])
    func beyondLoopbackATokenIsNeeded(host: String) throws {
        var settings = ServerSettings()
        settings.host = host
        #expect { try settings.validate() } throws: { "\($0)".contains("set a token") }
        settings.token = "0123456789abcdef"
        try settings.validate()
    }

    @Test
    func everyMistakeIsNamedAtOnceAndTheTokenNever() {
        var settings = ServerSettings()
        settings.port = 70_000
        settings.token = "hunter2"
        settings.headerBytes = 1
        settings.allowedOrigins = ["https://ok.example", "example.org", "https://example.org/path"]
        settings.keepAlive = .zero
        settings.logIns.perMinute = 0
        #expect { try settings.validate() } throws: { error in
            let text = "\(error)"
            return text.split(separator: "\n").count == 7 && text.contains("70000") && !text.contains("hunter2")
                && !text.contains("ok.example")
        }
    }
}
