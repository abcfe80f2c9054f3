import HTTPTypes
import HypeCore

/// What a client wants to know about files, wherever it says so: in the address, in a document or in a form.
struct PredictionWish: Sendable {
    /// How face and voice are joined.
    var fusion: EmotionJob.Fusion?
    /// Milliseconds that the answer may take.
    var deadline: Int?
    /// Whether the pictures that the nets saw are wanted too.
    var explain: Bool?
    /// Whether attention and drowsiness of the largest face are measured too.
    var attention: Bool?
    /// Identifier of a model to ask instead of the standard ones.
    var model: String?

    /// Reads the parameters of an address.
    ///
    /// - Throws: ``Problem`` with status 400.
    init(_ target: RequestTarget) throws(Problem) {
        fusion = try target.choice("fusion", of: EmotionJob.Fusion.self)
        deadline = try target.integer("deadline", in: PredictionSettings.deadlines)
        explain = try target["explain"].map { text throws(Problem) in try Self.flag(text, "explain") }
        attention = try target["attention"].map { text throws(Problem) in try Self.flag(text, "attention") }
        model = try target.text("model", longest: 64)
    }

    /// Reads the text fields of a form.
    ///
    /// - Throws: ``Problem`` with status 400.
    init(fields: [String: String]) throws(Problem) {
        if let text = fields["fusion"] {
            guard let choice = EmotionJob.Fusion(rawValue: text) else {
                throw Self.mistake("fusion", "must be late or early")
            }
            fusion = choice
        }
        if let text = fields["deadline"] {
            guard let number = Int(text) else { throw Self.mistake("deadline", Self.deadlineRule) }
            deadline = number
        }
        explain = try fields["explain"].map { text throws(Problem) in try Self.flag(text, "explain") }
        attention = try fields["attention"].map { text throws(Problem) in try Self.flag(text, "attention") }
        model = fields["model"]
        try check()
    }

    /// What is wished here, and where nothing is, what another one wishes.
    func or(_ other: PredictionWish) -> PredictionWish {
        var wish = self
        wish.fusion = fusion ?? other.fusion
        wish.deadline = deadline ?? other.deadline
        wish.explain = explain ?? other.explain
        wish.attention = attention ?? other.attention
        wish.model = model ?? other.model
        return wish
    }

    /// Writes the wish into a job.
    func apply(to job: inout EmotionJob) {
        job.fusion = fusion ?? .late
        job.deadline = deadline.map { .milliseconds($0) }
        job.explains = explain ?? false
        job.wantsAttention = attention ?? false
        job.model = model
    }

    /// Refuses values out of range.
    func check(in place: String = "") throws(Problem) {
        if let deadline, !PredictionSettings.deadlines.contains(deadline) {
            throw Self.mistake(place + "deadline", Self.deadlineRule)
        }
        if let model, !(1...64).contains(model.utf8.count) {
            throw Self.mistake(place + "model", "must have 1 to 64 bytes")
        }
    }

    /// A flag as people write it in addresses: `1` or `true`, `0` or `false`.
    static func flag(_ text: String, _ name: String) throws(Problem) -> Bool {
        switch text {
        case "1", "true": return true
        case "0", "false": return false
        default: throw mistake(name, "must be 1 or 0")
        }
    }

    private static var deadlineRule: String {
        let range = PredictionSettings.deadlines
        return "must be a whole number of milliseconds in \(range.lowerBound)…\(range.upperBound)"
    }

    private static func mistake(_ field: String, _ detail: String) -> Problem {
        Problem(400, "“\(field)” \(detail).", errors: [Problem.Mistake(field, detail)])
    }
}

extension PredictionWish: Decodable {
    private enum CodingKeys: String, CodingKey { case fusion, deadline, explain, attention, model }
}
