import Foundation
import HypeCore
import HypeEvaluation
import HypeReport
import Testing

struct EvaluationDrawingTests {
    private func drawing(title: String = "mine.csv", notes: [String] = []) throws -> EvaluationDrawing {
        let trials = (0..<40).map { index in
            let label = Emotion.basic[index % 7]
            var rest = EmotionScores([.happy: 0.3, .sad: 0.2 - Float(index) / 200])
            rest[label] += 0.5 + Float(index) / 200
            return Trial(file: LabeledFile(path: "x", emotion: label), scores: index == 3 ? nil : rest)
        }
        let report = try #require(
            EvaluationReport(trials, kind: .picture, classes: Emotion.basic, threshold: 0.5, rounds: 50)
        )
        return EvaluationDrawing(.init(title: title, rows: [(title, report)], notes: notes))
    }

    /// Elements that are opened and not closed, or closed in another order.
    private static func openElements(of markup: String) -> [Substring] {
        var open: [Substring] = []
        for tag in markup.matches(of: /<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/) {
            if tag.1.isEmpty {
                if tag.3.isEmpty { open.append(tag.2) }
            } else if open.last == tag.2 {
                open.removeLast()
            } else {
                open.append(tag.2)
            }
        }
        return open
    }

    @Test
    func pictureIsWellFormedAndHoldsTheThreeDrawings() throws {
        let svg = try drawing().svg()
        #expect(Self.openElements(of: svg).isEmpty)
        for words in ["Reliability", "Abstaining", "threshold 0.5", "surprise", "+1 none"] {
            #expect(svg.contains(words), "\(words)")
        }
        #expect(svg.components(separatedBy: "<rect class=\"cell\"").count == 50)
        #expect(!svg.contains("nan") && !svg.contains("inf\""))
    }

    @Test
    func pageNeedsNothingElseAndEscapesForeignText() throws {
        let attack = "<script>alert('1')</script>&\"x"
        let page = try drawing(title: attack, notes: [attack]).page()
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;"))
        #expect(page.contains("Content-Security-Policy"))
        #expect(!page.contains("http://") || page.components(separatedBy: "http://").count == 2)
        #expect(!page.contains("src="))
    }
}
