import Foundation
import HypeCore
import HypeStore

/// A job as clients see it.
struct PredictionDocument: Encodable, Sendable {
    var id: String
    var name: String
    var state: PredictionTable.State
    var percent: Int
    var createdAt: Date
    var finishedAt: Date?
    /// When the result is forgotten; nil before there is one.
    var expiresAt: Date?
    var reason: String?
    var problem: Problem?
    private let result: Data?

    init(_ job: PredictionTable.Job, lifetime: Duration) {
        id = job.id
        name = job.name
        state = job.state
        percent = job.percent
        createdAt = job.createdAt
        finishedAt = job.finishedAt
        expiresAt = job.finishedAt?.addingTimeInterval(lifetime.inSeconds)
        reason = job.reason
        problem = job.problem
        result = job.result
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, state, percent, createdAt, finishedAt, expiresAt, reason, problem
    }

    /// The document with the result in it, which is JSON already.
    func json() throws -> Data {
        var json = try DocumentJSON.encode(self)
        guard let result else { return json }
        json.removeLast()
        return json + Data(#","result":"#.utf8) + result + Data("}".utf8)
    }
}

/// Payload of `attentionAlert`: attention in a file rose or fell past a limit.
struct AttentionNotice: Encodable, Sendable {
    /// The job that reads the file.
    var prediction: String
    var alert: AttentionAlert

    private enum CodingKeys: String, CodingKey { case id }

    /// Writes the alert with the number of the job beside it.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(prediction, forKey: .id)
        try alert.encode(to: encoder)
    }
}

/// Payload of `predictProgress`: how far a job has come.
struct PredictionProgress: Encodable, Sendable {
    var id: String
    var status: PredictionTable.State
    var percent: Int
    var reason: String?

    init(_ job: PredictionTable.Job) {
        id = job.id
        status = job.state
        percent = job.percent
        reason = job.reason
    }
}
