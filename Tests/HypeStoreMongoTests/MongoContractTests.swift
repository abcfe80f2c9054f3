import ClipStoreContract
import HypeStore
import HypeStoreMongo
import Testing

@Suite("MongoDB keeps the contract", .serialized, .enabled(if: MongoDouble.isInstalled, MongoDouble.missing))
struct MongoContractTests {
    @Test(.timeLimit(.minutes(5)), arguments: ContractCheck.all)
    func keeps(_ check: ContractCheck) async throws {
        let settings = try await MongoDouble.shared.settings()
        try await check.run { try await MongoStore.open(settings) }
    }
}
