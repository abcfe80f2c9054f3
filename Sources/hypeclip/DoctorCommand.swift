import ArgumentParser
import HypeApp

/// `hypeclip doctor`: looks at everything an analysis needs.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks FFmpeg, OpenVINO, processor and models, and says how to mend what is missing."
    )

    func run() async throws {
        let app = try await App(configFile: nil, isVerbose: false)
        let report = try await interruptible { try await app.diagnose() }
        print(report.text)
        guard report.isComplete else { throw AppFailure(.failed, "something is missing; see above") }
    }
}
