/// Waits until something holds that another task brings about; fails after 10 s.
func until(_ holds: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try await !holds() {
        guard ContinuousClock.now < deadline else {
            throw TestFailure("what was waited for did not happen within 10 s")
        }
        await Task.yield()
    }
}
