import Foundation
import HypeCore
import HypeStore

/// Writes to a store until it is killed, and says what is on disk; `SQLiteCrashTests` kills it.
///
/// usage: store-writer DATABASE
///
/// Each line of the output is a number whose session, event and moment were stored before the line was printed.
@main
enum Main {
    static func main() async throws {
        let store = try SQLiteStore(path: CommandLine.arguments[1])
        for number in 1... {
            let session = Session(
                id: "\(number)",
                channel: nil,
                source: Session.Source(kind: .rtmp, name: String(repeating: "x", count: number % 3000)),
                pace: .fast,
                startedAt: Date()
            )
            try await store.save(session)
            let event = try await store.append(.session, session: session.id, payload: Data("{}".utf8), at: Date())
            FileHandle.standardOutput.write(Data("\(number) \(event.id)\n".utf8))
        }
    }
}
