import HTTPTypes
import HypeEvents
import HypeServer
import HypeStore
import HypeUploads
import Testing

@Suite
struct ProblemMappingTests {
    static let table: [(any Error, Int, Bool)] = [
        (RequestFailure(.invalid, "why"), 400, true), (RequestFailure(.notFound, "why"), 404, true),
        (RequestFailure(.conflict, "why"), 409, true), (RequestFailure(.unreadable, "why"), 422, true),
        (RequestFailure(.busy, "why"), 429, true), (RequestFailure(.unsupported, "why"), 501, true),
        (RequestFailure(.unavailable, "why"), 503, true), (StoreError(.notFound, "why"), 404, true),
        (StoreError(.badCursor, "why"), 400, true), (StoreError(.unavailable, "secret"), 503, true),
        (StoreError(.full, "secret"), 507, true), (StoreError(.corrupt, "secret"), 500, false),
        (StoreError(.failed, "secret"), 500, false), (UploadError(.noSpace, "why"), 507, true),
        (UploadError(.storage, "secret"), 500, false), (UploadError(.locked, "why"), 423, true),
        (WebhookFailure(.forbidden, "why"), 403, true), (WebhookFailure(.notFound, "why"), 404, true),
        (TooOften(seconds: 7), 429, true), (AccessPolicy.Refusal.credential, 401, true),
        (TestFailure("secret"), 500, false), (CancellationError(), 503, true),
    ]

    @Test
    func everyFailureHasItsStatusAndNoneTellsTooMuch() {
        for (error, status, tells) in Self.table {
            let mapped = ProblemMapping.map(error)
            #expect(mapped.problem.status == status, "\(error)")
            #expect((mapped.problem.detail != nil) == tells, "\(error)")
            #expect(mapped.problem.detail?.contains("secret") != true)
            #expect(mapped.problem.title != "Error", "\(status) has no title")
        }
        #expect(ProblemMapping.map(TooOften(seconds: 7)).headers[.retryAfter] == "7")
    }
}
