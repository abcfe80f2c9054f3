import HypeCore
import HypeUploads
import Testing

@Suite
struct ByteRangeTests {
    @Test(
        arguments: [
            ("bytes=0-0", [0..<1]), ("bytes=0-99", [0..<100]), ("bytes=0-100", [0..<100]), ("bytes=99-", [99..<100]),
            ("bytes=-1", [99..<100]), ("bytes=-100", [0..<100]), ("bytes=-1000", [0..<100]), ("bytes=10-", [10..<100]),
            ("Bytes= 5-6 ", [5..<7]), ("bytes=0-99999999999999999999999", [0..<100]),
            ("bytes=0-1,5-6", [0..<2, 5..<7]), ("bytes=5-6, 0-1", [5..<7, 0..<2]), ("bytes=0-9,5-20", [0..<21]),
            ("bytes=0-1,2-3", [0..<4]), ("bytes=-1,0-0,200-300", [99..<100, 0..<1]), ("bytes=,0-0,,", [0..<1]),
            ("bytes=0-,-50,10-20", [0..<100]),
        ] as [(String, [Range<Int64>])]
    )
    func readsRanges(_ header: String, _ ranges: [Range<Int64>]) {
        #expect(ByteRange(header, size: 100) == .parts(ranges))
    }

    @Test(arguments: ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=1000-,-0", "bytes=99999999999999999999-"])
    func refusesWhatTheFileDoesNotHave(_ header: String) {
        #expect(ByteRange(header, size: 100) == .unsatisfiable)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=1", "bytes=5-4", "bytes=0-1,x", "bytes=0x0-1",
        "bytes=+1-2", "bytes=1--2", "bytes=--1", "items=0-1", "bytes =0-1", "bytes=0 -1", "bytes=0-1;2-3", "0-1",
    ])
    func ignoresWhatItDoesNotUnderstand(_ header: String) {
        #expect(ByteRange(header, size: 100) == .whole)
    }

    @Test
    func anEmptyFileHasNoBytes() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-5", size: 0) == .whole)
        #expect(ByteRange(nil, size: 0) == .whole)
    }

    @Test
    func manyRangesAreNotWorthIt() {
        let apart = (0..<17).map { "\($0 * 3)-\($0 * 3)" }.joined(separator: ",")
        #expect(ByteRange("bytes=\(apart)", size: 100) == .whole)
        let same = [String](repeating: "0-", count: 200).joined(separator: ",")
        #expect(ByteRange("bytes=\(same)", size: 100) == .parts([0..<100]))
        #expect(ByteRange("bytes=\([String](repeating: "0-", count: 300).joined(separator: ","))", size: 100) == .whole)
    }

    @Test
    func anyHeaderGivesRangesOfTheFile() {
        let signs = Array("bytes=0123456789-, -,x")
        var random = SplitMix64(seed: 1)
        for _ in 0..<50_000 {
            let text =
                "bytes=" + String((0..<random.index(below: 20)).map { _ in signs[random.index(below: signs.count)] })
            let size = Int64(random.index(below: 1000))
            guard case .parts(let parts) = ByteRange(text, size: size) else { continue }
            #expect(
                !parts.isEmpty && parts.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 && $0.upperBound <= size },
                "\(text)"
            )
            let sorted = parts.sorted { $0.lowerBound < $1.lowerBound }
            #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "\(text)")
        }
    }
}
