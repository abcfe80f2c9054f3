import Foundation
import HypeCore
import HypeReport
import Testing

struct ReportPageTests {
    static let page = ReportPage(SampleDocument.make()).render()

    /// How often a text stands in the page.
    static func count(_ text: String, in page: String = page) -> Int {
        page.components(separatedBy: text).count - 1
    }

    @Test func showsMomentsNearMissesAndClips() {
        #expect(Self.count("<article class=\"card") == 3)
        #expect(Self.count("<button type=\"button\" class=\"marker") == 5)
        #expect(Self.count("class=\"marker nearMiss\"") == 2)
        #expect(Self.count("<tr><td data-label") == 2)
        #expect(Self.count("class=\"band instant\"") == 1)
        #expect(Self.page.contains("src=\"clip-0001.mp4\""))
        #expect(Self.page.contains("Only voice 0.83; chat quiet at 0.21, face quiet at 0.34."))
        #expect(Self.page.contains("no face in the camera picture"))
        #expect(Self.page.contains("87 people (usually 14.2), 11.4 messages/s"))
        #expect(Self.page.contains("<h1>friday-night-ranked.mp4</h1>"))
        #expect(Self.page.contains("<dd>111×"))
    }

    @Test func saysWhatWasHeardAndWhen() {
        #expect(Self.page.contains("laughter 83 % at 2:14"))
    }

    @Test func escapesForeignTextEverywhere() {
        let attack = SampleDocument.attack
        var document = SampleDocument.make()
        document.name = attack
        document.generator = attack
        document.warnings = [attack]
        document.facts = [.init(attack, attack)]
        document.timings = [.init(attack, .seconds(1))]
        document.settings = [.init(key: attack, value: attack, summary: attack)]
        document.media?.container = attack
        document.media?.video?.codec = attack
        document.media?.audio?.codec = attack
        document.observations += [
            Observation(kind: .voice, interval: MediaInterval(seconds: 20..<30), missing: attack)
        ]
        document.clips[0].file = attack
        document.clips[0].plan.reason = attack
        let vote = Vote(kind: .face, state: .missing, reason: attack)
        document.moments.append(
            Moment(
                id: 9,
                decision: .nearMiss,
                miss: .lone,
                core: MediaInterval(seconds: 50..<52),
                votes: [vote],
                reason: attack,
                decidedAt: .zero
            )
        )
        var chat = ChatEvidence(messagesPerSecond: 1, uniqueUsers: 1, baseline: 1)
        chat.suppressed = attack
        chat.topMessages = [RepeatedText(text: attack, count: 1)]
        document.moments.append(
            Moment(
                id: 10,
                decision: .clip,
                core: MediaInterval(seconds: 60..<62),
                votes: [Vote(kind: .chat, state: .present, score: 0.9, evidence: .chat(chat))],
                reason: attack,
                decidedAt: .zero
            )
        )
        let page = ReportPage(document).render()
        #expect(Self.count("pwned", in: page) > 20)
        #expect(Self.count("<script", in: page) == 1, "only the page's own script")
        #expect(Self.count("</script", in: page) == 1)
        #expect(Self.count("<img", in: page) == 0)
        #expect(Self.count("onerror=alert(1)>", in: page) == 0)
        #expect(!page.contains("alert('pwned')"))
    }

    @Test func cannotLeaveAnAttribute() {
        var document = SampleDocument.make()
        document.clips[0].file = "javascript:alert(1)//\" onfocus=\"x"
        let page = ReportPage(document).render()
        #expect(page.contains("src=\"javascript%3Aalert%281%29//%22%20onfocus%3D%22x\""))
        #expect(!page.contains("src=\"javascript:"))
    }

    @Test func replacesTextDirectionTricksAndControlCharacters() {
        var document = SampleDocument.make()
        document.name = "a\u{202E}b\u{0}c\u{7}d"
        #expect(ReportPage(document).render().contains("<h1>a\u{FFFD}b\u{FFFD}c\u{FFFD}d</h1>"))
    }

    @Test func needsNoOtherHost() throws {
        let schemes = try Regex("(https?:)?//[a-z]")
        let markup = Self.page.replacing("<p class=\"file\">", with: "")
        #expect(markup.firstMatch(of: schemes) == nil)
        #expect(Self.page.contains("default-src 'none'"))
        #expect(!Self.page.contains("@import"))
    }

    @Test func holdsThumbnailsInside() {
        var document = SampleDocument.make()
        document.clips[1].thumbnail = Data([0xFF, 0xD8, 0xFF, 0xE0])
        #expect(ReportPage(document).render().contains("poster=\"data:image/jpeg;base64,/9j/4A==\""))
    }

    @Test func tagsAreBalanced() {
        for tag in [
            "section", "article", "div", "ul", "li", "span", "p", "h3", "table", "tr", "td", "details", "a", "button",
            "svg",
        ] {
            let opened = Self.count("<\(tag) ") + Self.count("<\(tag)>")
            #expect(opened == Self.count("</\(tag)>"), "\(tag)")
        }
    }

    @Test func namesEveryControl() throws {
        let controls = try Regex("<(button|video|svg)[^>]*>")
        for match in Self.page.matches(of: controls) {
            let tag = String(Self.page[match.range])
            #expect(tag.contains("aria-label") || tag.contains("aria-hidden"), "\(tag)")
        }
    }

    @Test func identifiersAreUnique() throws {
        let ids = Self.page.matches(of: try Regex<(Substring, Substring)>(" id=\"([^\"]+)\"")).map {
            String($0.output.1)
        }
        #expect(Set(ids).count == ids.count)
        for target in Self.page.matches(of: try Regex<(Substring, Substring)>("href=\"#([^\"]+)\"")) {
            #expect(ids.contains(String(target.output.1)), "\(target.output.1)")
        }
    }

    @Test func tellsUnseenFromNotLookedAt() {
        let page = ReportPage(SampleDocument.make(faceOnDemand: true)).render()
        #expect(page.contains("could not be seen: no face in the camera picture"))
        #expect(page.contains("% of the time (on demand)"))
        let full = ReportPage(SampleDocument.make(faceOnDemand: false)).render()
        #expect(!full.contains("(on demand)"))
        var none = SampleDocument.make()
        none.observations.removeAll { $0.kind == .chat }
        #expect(ReportPage(none).render().contains("Chat <small>not looked at</small>"))
    }

    @Test func saysWhenThereIsNothing() {
        let page = ReportPage(ReportDocument(name: "empty", interval: MediaInterval(start: .zero, end: .zero))).render()
        #expect(page.contains("No clip was cut"))
        #expect(!page.contains("Near misses <span"))
        #expect(!page.contains("nan") && !page.contains("inf%"))
    }

    @Test func keepsALongRecordingSmall() {
        let page = ReportPage(SampleDocument.make(seconds: 4 * 3_600, faceOnDemand: false)).render()
        #expect(page.utf8.count < 1_200_000, "\(page.utf8.count) bytes")
    }

    @Test(
        "Writes times",
        arguments: [(-5.0, "-0:05"), (0.0, "0:00"), (59.6, "1:00"), (3_599.0, "59:59"), (3_725.0, "1:02:05")]
    )
    func writesTimes(seconds: Double, text: String) {
        var document = ReportDocument(name: "x", interval: MediaInterval(seconds: -10..<9_000))
        document.moments = [
            Moment(
                id: 1,
                decision: .nearMiss,
                core: MediaInterval(seconds: seconds..<(seconds + 1)),
                votes: [],
                reason: "",
                decidedAt: .zero
            )
        ]
        #expect(ReportPage(document).render().contains(">\(text)</a>"))
    }

    @Test(
        "Writes spans",
        arguments: [
            (Duration.seconds(12.34), "12.3 s"), (.seconds(60), "1 min"), (.seconds(200), "3 min 20 s"),
            (.seconds(7_500), "2 h 5 min"), (.seconds(3_600), "1 h"), (.zero, "0 s"),
        ]
    )
    func writesSpans(span: Duration, text: String) {
        let document = ReportDocument(name: "x", interval: MediaInterval(start: .zero, end: .zero + span))
        #expect(ReportPage(document).render().contains("<dd>\(text)</dd>"))
    }
}
