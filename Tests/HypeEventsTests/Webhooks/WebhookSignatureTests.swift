import Foundation
import HypeCore
import HypeEvents
import HypeStore
import Testing

@Suite
struct WebhookSignatureTests {
    private let time = Date(timeIntervalSince1970: 1_700_000_000.9)

    /// Expected by Python: `hmac.new(b"0123456789abcdef", b'1700000000.{"id":1}', "sha256").hexdigest()`.
    @Test
    func signsTimeAndBody() {
        let signature = WebhookSignature.sign(Data(#"{"id":1}"#.utf8), secret: "0123456789abcdef", at: time)
        #expect(signature == "t=1700000000,v1=4bcaced68dfea90a68df035b89cb7fb26692d899d32a1ccb1b0616cf48e4d1ed")
    }

    @Test
    func aRequestCarriesWhatAReceiverNeeds() throws {
        let event = EventRecord(id: 7, time: time, kind: .newClip, sessionId: nil, payload: Data("{}".utf8))
        let webhook = Webhook(
            id: "wh",
            url: "https://example.com/x",
            secret: "0123456789abcdef",
            events: [],
            createdAt: time
        )
        let delivery = Delivery(id: "wh.7", webhookId: "wh", event: event, dueAt: time)
        let request = try WebhookRequest(delivery, to: webhook, at: time)
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(headers["X-Hypeclip-Delivery"] == "wh.7" && headers["X-Hypeclip-Event"] == "7")
        #expect(headers["X-Hypeclip-Kind"] == "new_clip" && headers["X-Hypeclip-Attempt"] == "1")
        #expect(
            headers["X-Hypeclip-Signature"] == WebhookSignature.sign(request.body, secret: webhook.secret, at: time)
        )
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"id":7,"kind":"new_clip","time":"2023-11-14T22:13:20.900Z","payload":{}}"#
        )
    }

    @Test
    func secretsAreLongAndDiffer() throws {
        let secrets = Set((0..<100).map { _ in WebhookSecret.make() })
        #expect(secrets.count == 100 && secrets.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil })
        for secret in secrets { try WebhookSecret.check(secret) }
    }

    @Test(arguments: ["", "fifteen letters", "sixteen letters\u{7}", String(repeating: "x", count: 257)])
    func weakSecretsAreRefusedWithoutRepeatingThem(secret: String) {
        let failure = #expect(throws: WebhookFailure.self) { try WebhookSecret.check(secret) }
        #expect(failure?.code == .secret)
        #expect(secret.isEmpty || failure?.message.contains(secret) == false)
    }
}
