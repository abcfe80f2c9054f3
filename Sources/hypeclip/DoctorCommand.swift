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
        let findings = try await interruptible { try await app.diagnose() }
        for finding in findings {
            let mark =
                switch finding.status {
                case .ok: "ok      "
                case .degraded: "degraded"
                case .missing: "MISSING "
                }
            print("\(mark)  \(finding.subject): \(finding.detail)")
        }
        if findings.contains(where: { $0.status == .missing }) {
            throw AppFailure(.failed, "something is missing; see above")
        }
    }
}
