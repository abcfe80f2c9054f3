import HypeServer
import Testing

@Suite
struct MeasureTableTests {
    @Test
    func latenciesFallIntoEveryClassThatHoldsThem() {
        var table = MeasureTable()
        for seconds in [0.0004, 0.003, 0.003, 7, 100] { table.answer(route: "/a", status: 200, seconds: seconds) }
        let text = table.text()
        for (bound, count) in [("0.001", 1), ("0.0025", 1), ("0.005", 3), ("5.0", 3), ("10.0", 4), ("+Inf", 5)] {
            #expect(
                text.contains(
                    #"hypeclip_http_request_duration_seconds_bucket{route="/a",le="\#(bound)"} \#(count)"# + "\n"
                )
            )
        }
        #expect(text.contains(#"hypeclip_http_request_duration_seconds_count{route="/a"} 5"#))
    }

    @Test
    func everyLineIsOneThatPrometheusReads() throws {
        var table = MeasureTable()
        table.begin()
        table.add(.uploadedBytes, 42)
        table.answer(route: "/api/clip/{id}", status: 404, seconds: 0.1)
        table.answer(route: "/api/events", status: 200, seconds: nil)
        let text = table.text([("socket_clients", "Clients.", 3)])
        for line in text.split(separator: "\n") {
            let isRight =
                line.wholeMatch(of: /# (HELP|TYPE) hypeclip_[a-z_]+ .+/) != nil
                || line.wholeMatch(of: /hypeclip_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")?\})? [0-9.e+-]+/) != nil
            #expect(isRight, "\(line)")
        }
        #expect(text.contains("hypeclip_upload_bytes_total 42\n"))
        #expect(text.contains("hypeclip_http_requests_running 1.0\n"))
        #expect(text.contains("hypeclip_socket_clients 3.0\n"))
        #expect(!text.contains(#"duration_seconds_count{route="/api/events"}"#))
    }
}
