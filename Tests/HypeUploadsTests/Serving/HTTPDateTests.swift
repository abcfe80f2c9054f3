import Foundation
import HypeCore
import HypeUploads
import Testing

@Suite
struct HTTPDateTests {
    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func readsAllThreeForms(_ text: String) {
        #expect(HTTPDate.date(text)?.timeIntervalSince1970 == 784_111_777)
    }

    @Test(arguments: [
        "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999 08:49:37 GMT", "784111777", "Sun, 06 Nov 1994 08:49 GMT",
    ])
    func refusesOthers(_ text: String) {
        #expect(HTTPDate.date(text) == nil)
    }

    @Test
    func writesAsFoundationDoes() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        var random = SplitMix64(seed: 11)
        for _ in 0..<500 {
            // From 1900 to 2200.
            let date = Date(timeIntervalSince1970: Double(random.index(below: 9_500_000_000)) - 2_200_000_000)
            #expect(HTTPDate.text(date) == formatter.string(from: date))
            #expect(HTTPDate.date(HTTPDate.text(date)) == date)
        }
    }
}
