import Foundation
import HypeCore
import HypeStore
import Testing

struct StoreCodingTests {
    @Test func roundsTimesToTheMillisecond() throws {
        let time = Date(timeIntervalSince1970: 1_700_000_000.123_6)
        #expect(StoreTime.milliseconds(time) == 1_700_000_000_124)
        #expect(String(decoding: try StoreCoding.encode([time]), as: UTF8.self) == "[1700000000124]")
        #expect(try StoreCoding.decode([Date].self, from: Data("[1700000000124]".utf8)) == [StoreTime.rounded(time)])
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300])
    func survivesTimesThatAreNone(seconds: Double) {
        let milliseconds = StoreTime.milliseconds(Date(timeIntervalSince1970: seconds))
        #expect(abs(milliseconds) <= 9_000_000_000_000_000)
    }

    @Test func roundingTwiceIsRoundingOnce() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<10_000 {
            let time = Date(timeIntervalSince1970: (random.uniform() - 0.5) * 1e11)
            let once = StoreTime.rounded(time)
            #expect(StoreTime.rounded(once) == once)
        }
    }

    @Test func saysWhatIsNotUnderstood() {
        #expect(throws: StoreError.self) { try StoreCoding.decode(ClipTotals.self, from: Data("{".utf8)) }
        #expect(throws: StoreError.self) { try StoreCoding.encode([Double.nan]) }
    }

    @Test func foldsTitlesTwiceAsOnce() {
        for title in ["Straße", "ΣΊΣΥΦΟΣ ς", "İI", "Ǆ", "e\u{301}", "🏳️‍🌈"] {
            let folded = TitleFolding.fold(title)
            #expect(TitleFolding.fold(folded) == folded)
            #expect(TitleFolding.fold(title.uppercased()) == folded)
        }
    }
}
