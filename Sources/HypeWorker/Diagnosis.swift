import Foundation
import HypeInference
import HypeMedia
import HypeWorkerLink

/// Answers `diagnose`: what the worker runs on.
struct Diagnosis {
    let shelf: Shelf

    func lines() -> [DiagnosisLine] {
        [DiagnosisLine(subject: "FFmpeg", status: .ok, detail: MediaLibrary.version)] + runtime() + models()
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
        ModelFile.allCases.map { model in
            do {
                let url = try shelf.locator.url(of: model)
                return DiagnosisLine(
                    subject: model.fileName,
                    status: .ok,
                    detail: "\(model.purpose); in \(url.deletingLastPathComponent().path)"
                )
            } catch {
                return DiagnosisLine(subject: model.fileName, status: .missing, detail: "\(error)")
            }
        }
    }
}
