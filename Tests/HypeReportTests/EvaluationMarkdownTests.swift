import Foundation
import HypeCore
import HypeEvaluation
import HypeReport
import Testing

struct EvaluationMarkdownTests {
    private func part(
        _ name: String,
        taught: Bool = false,
        skipped: [SkippedFile] = [],
        picture: String? = nil
    ) throws -> EvaluationMarkdown.Part {
        let trials = (0..<42).map { index in
            var file = LabeledFile(
                path: "x",
                emotion: Emotion.basic[index % 7],
                speaker: "s\(index % 6)",
                sex: "female"
            )
            file.fold = index % 3 + 1
            var scores = EmotionScores([.happy: 0.3, .sad: 0.1])
            scores[file.emotion] += 0.6
            return Trial(file: file, scores: index == 5 ? nil : scores, isTaught: taught)
        }
        let report = try #require(
            EvaluationReport(trials, kind: .sound, classes: Emotion.basic, threshold: 0.4, rounds: 20)
        )
        return EvaluationMarkdown.Part(
            name: name,
            reports: [report],
            models: [("voice-emotion", "1.0", "ab12")],
            skipped: skipped,
            unreadable: [],
            leftOut: ["boredom": 3],
            notes: ["mind the gap"],
            picture: picture
        )
    }

    @Test
    func everythingThatWasAskedForIsThere() throws {
        let skipped = [SkippedFile(file: "a.wav", reason: "known fault")]
        let text = EvaluationMarkdown(
            [try part("mine", skipped: skipped, picture: "my report.svg")],
            commandLine: "hypeclip evaluate --manifest mine.csv"
        ).text
        for words in [
            "hypeclip evaluate --manifest mine.csv", "UAR", "WAR", "ECE", "95 % interval", "| angry |",
            "true \\ answered", "known fault", "3 boredom", "`ab12`", "(my%20report.svg)", "mind the gap",
            "Mean UAR of 3 folds", "over 6 speakers",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(!text.contains("taught the net") && !text.contains("nan"))
    }

    @Test
    func tablesHaveAsManyCellsInEveryRow() throws {
        let text = EvaluationMarkdown([try part("a"), try part("b|c", taught: true)], commandLine: "x").text
        #expect(text.contains("| set | what |"))
        #expect(text.contains("**42 files**") && text.contains("none known"))
        for block in text.components(separatedBy: "\n\n") where block.hasPrefix("|") {
            let cells = block.split(separator: "\n").map { $0.replacing("\\|", with: "").count { $0 == "|" } }
            #expect(Set(cells).count == 1, "\(block)")
        }
    }

    @Test
    func foreignTextStaysText() throws {
        let attack = "<script>alert(1)</script> [x](http://e) | `y` \n# head"
        let skipped = (0..<300).map { _ in SkippedFile(file: attack, reason: attack) }
        let text = EvaluationMarkdown([try part(attack, skipped: skipped)], commandLine: "```\n# x").text
        #expect(!text.contains("<script") && !text.contains("[x](") && !text.contains("\n# head"))
        #expect(text.contains("and 100 more"))
        #expect(text.components(separatedBy: "```").count == 3)
    }
}
