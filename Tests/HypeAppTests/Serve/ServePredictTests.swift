import Foundation
import HypeApp
import Testing

@Suite
struct ServePredictTests {
    @Test(arguments: [(1, 1), (2, 2), (16, 2)])
    func byItselfItTakesOneWorkerForEachCoreAndAtMostTwo(cores: Int, workers: Int) {
        #expect(ServeSettings().predictWorkers(cores: cores) == workers)
    }

    @Test
    func whatIsSetCountsAndOffIsOff() async throws {
        func workers(_ environment: [String: String]) async throws -> Int {
            try await SettingsReader.readServer(flags: [:], configFile: nil, environment: environment).server
                .predictWorkers(cores: 2)
        }
        #expect(try await workers(["HYPECLIP_PREDICT_WORKERS": "7"]) == 7)
        #expect(try await workers(["HYPECLIP_PREDICT_WORKERS": "7", "HYPECLIP_PREDICT_ON": "false"]) == 0)
        await #expect(throws: AppFailure.self) { _ = try await workers(["HYPECLIP_PREDICT_QUEUE": "0"]) }
    }
}
