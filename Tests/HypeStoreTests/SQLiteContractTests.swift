import ClipStoreContract
import HypeStore
import Testing

@Suite("SQLite keeps the contract")
struct SQLiteContractTests {
    @Test(.timeLimit(.minutes(5)), arguments: ContractCheck.all)
    func keeps(_ check: ContractCheck) async throws {
        let scratch = try Scratch()
        try await check.run { try SQLiteStore(path: scratch.path("store.sqlite")) }
        withExtendedLifetime(scratch) {}
    }
}
