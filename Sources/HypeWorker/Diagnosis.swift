import Foundation
import HypeCatalogue
import HypeInference
import HypeMedia
import HypeWorkerLink

/// Answers `diagnose`: what the worker runs on.
struct Diagnosis {
    let shelf: Shelf

    func lines() -> [DiagnosisLine] {
        [DiagnosisLine(subject: "FFmpeg", status: .ok, detail: MediaLibrary.version)] + runtime() + models() + devices()
    }

    /// What of this machine could be recorded live; having nothing is no fault.
    private func devices() -> [DiagnosisLine] {
        let found: [CaptureDeviceInfo]
        do throws(CaptureFailure) { found = try SystemCapture.backend.devices() } catch {
            return [DiagnosisLine(subject: "devices", status: .optional, detail: error.message)]
        }
        guard !found.isEmpty else {
            let detail = "no screen, camera, microphone or desktop sound is here to be recorded"
            return [DiagnosisLine(subject: "devices", status: .optional, detail: detail)]
        }
        return found.map { device in
            DiagnosisLine(subject: device.role.words, status: .ok, detail: "\(device.name) (\(device.title))")
        }
    }

    private func runtime() -> [DiagnosisLine] {
        do {
            let report = try shelf.core().report
            var lines = [DiagnosisLine(subject: "OpenVINO", status: .ok, detail: report.version)]
            lines.append(processor(report))
            return lines
        } catch {
            return [DiagnosisLine(subject: "OpenVINO", status: .missing, detail: "\(error)")]
        }
    }

    private func processor(_ report: RuntimeReport) -> DiagnosisLine {
        guard let cap = report.instructionSetCap else {
            return DiagnosisLine(subject: "processor", status: .ok, detail: "AMX: \(report.amx)")
        }
        return DiagnosisLine(
            subject: "processor",
            status: .degraded,
            detail: "AMX is announced but cannot be used here; kernels are limited to \(cap). Nothing to mend."
        )
    }

    private func models() -> [DiagnosisLine] {
        ModelInventory(folders: shelf.locator.directories).items.filter { $0.entry.use != .later }.map { item in
            let entry = item.entry
            let subject = entry.files.map(\.name).joined(separator: ", ")
            let isRequired = entry.use == .required
            switch item.state {
            case .installed:
                let folder = item.files[0].url?.deletingLastPathComponent().path ?? "?"
                return DiagnosisLine(subject: subject, status: .ok, detail: "\(entry.purpose); in \(folder)")
            case .missing:
                return DiagnosisLine(
                    subject: subject,
                    status: isRequired ? .missing : .optional,
                    detail: "\(entry.purpose); not installed. \(entry.absence) To get it: \(entry.remedy)"
                )
            case .damaged(let reason):
                return DiagnosisLine(
                    subject: subject,
                    status: isRequired ? .missing : .degraded,
                    detail: "\(entry.purpose); damaged: \(reason). To mend it: \(entry.remedy)"
                )
            }
        }
    }
}
