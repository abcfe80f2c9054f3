import Foundation
import HypeCore
import HypeWorkerLink
import Testing

@Suite
struct FrameTests {
    private let messages = [
        Envelope(request: 1, body: WorkerRequest.probe(path: "a recording with ünïcode \" and \n.mp4")),
        Envelope(request: 2, body: .hello(WorkerHello(modelFolders: ["Models"]))),
        Envelope(
            request: .max,
            body: .cut(CutRequest(path: "a", interval: MediaInterval(seconds: 1..<2), output: "b"))
        ),
        Envelope(request: 3, body: .cancel(request: 2)),
    ]

    @Test(arguments: [1, 2, 3, 7, 4096])
    func messagesComeOutHoweverTheBytesArrive(chunk: Int) throws {
        let stream = try messages.map(Frame.encode).reduce(Data(), +)
        var parser = FrameParser<WorkerRequest>()
        var received: [Envelope<WorkerRequest>] = []
        for start in stride(from: 0, to: stream.count, by: chunk) {
            parser.append(stream[start..<min(start + chunk, stream.count)])
            while let message = try parser.next() { received.append(message) }
        }
        #expect(received.map(\.request) == messages.map(\.request))
        #expect(received.map(\.body) == messages.map(\.body))
    }

    @Test
    func anAbsurdLengthIsRefusedBeforeAnythingIsKept() {
        var parser = FrameParser<WorkerEvent>()
        parser.append([0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: LinkError.self) { try parser.next() }
    }

    @Test
    func foreignBytesNeverTrap() throws {
        var random = SystemRandomNumberGenerator()
        let sample = try Frame.encode(messages[0])
        for _ in 0..<2_000 {
            var bytes = Array(sample)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var parser = FrameParser<WorkerRequest>()
            parser.append(bytes)
            _ = try? parser.next()
        }
    }

    @Test
    func eventsSurviveTheWire() throws {
        let observation = Observation(kind: .face, interval: MediaInterval(seconds: 0..<0.5), missing: "camera covered")
        for event in [
            WorkerEvent.observations([observation]), .finished(.done),
            .finished(.picture(Picture(jpeg: Data([1, 2, 3]), sha256: "00"))),
            .failed(WorkerFailure(code: .model, message: "gone")), .speech([MediaInterval(seconds: 1..<2)]),
        ] {
            var parser = FrameParser<WorkerEvent>()
            parser.append(try Frame.encode(Envelope(request: 9, body: event)))
            #expect(try parser.next()?.body == event)
        }
    }
}
