import HypeChat
import HypeCore
import HypeMoments

/// What the chat log says about a recording.
struct ChatWitness: Sendable {
    /// One observation per second of the recording.
    var observations: [Observation]
    /// What a person should know about the log.
    var warnings: [String] = []
    private var format: String?
    private var messages = 0
    private var unreadable = 0

    /// Reads a log and finds the spikes in it.
    ///
    /// - Parameters:
    ///   - path: The chat log, or nil where there is none.
    ///   - recording: The stretch that the recording covers.
    /// - Returns: The observations and what to say about the log.
    /// - Throws: ``AppFailure`` where the file is no chat log.
    static func read(_ path: String?, recording: MediaInterval) throws -> ChatWitness {
        guard let path else {
            var witness = ChatWitness(observations: SpikeDetector.observations(of: nil, over: recording))
            witness.warnings = ["No chat log was given: only voice and face can vote. Add it with --chat."]
            return witness
        }
        let log: ChatLog
        do { log = try ChatLog.read(contentsOf: path) } catch let error as ChatError {
            throw AppFailure(.unreadableInput, error.message)
        }
        var witness = ChatWitness(observations: [])
        witness.format = log.format.displayName
        witness.messages = log.messages.count
        witness.unreadable = log.badLineCount
        if log.badLineCount > 0 {
            let first = log.badLines.first.map { ", the first in line \($0.line): \($0.reason)" } ?? ""
            witness.warnings.append("\(log.badLineCount) entries of the chat log could not be read\(first).")
        }
        if let mismatch = log.mismatch(with: recording) {
            witness.warnings.append(mismatch.explanation + ".")
        }
        witness.observations = SpikeDetector.observations(of: log, over: recording)
        return witness
    }

    /// The log's part of the result document; nil where there was no log.
    func summary(lag: ChatLag) -> AnalysisDocument.Chat? {
        format.map { AnalysisDocument.Chat(format: $0, messages: messages, unreadable: unreadable, lag: lag) }
    }
}
