import Foundation
import HypeReport

/// Writes the drawing of an evaluation.
package enum EvaluationPlot {
    /// Draws figures into a file.
    ///
    /// - Parameters:
    ///   - document: What was measured.
    ///   - path: A file that ends in `.svg` for a picture alone, or in anything else for a page.
    /// - Throws: ``AppFailure`` where the file cannot be written.
    package static func write(_ document: EvaluationDocument, to path: String) throws {
        let drawing = EvaluationDrawing(
            EvaluationDrawing.Content(title: document.source, reports: document.reports, notes: document.notes)
        )
        let url = URL(filePath: path)
        let text = url.pathExtension.lowercased() == "svg" ? drawing.svg() : drawing.page()
        do {
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw AppFailure(.failed, "--plot \(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
