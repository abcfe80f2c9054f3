import Foundation
import HypeCore

struct ReportMaker {
    let document: AnalysisDocument
    let thumbnails: [Data?]
    let observations: [Observation]
    let watched: [MediaInterval]
    func html() -> String { "" }
}
