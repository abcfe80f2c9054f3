import HypeCore
import HypeServer

/// A session while it runs, wherever its pictures and its sound come from.
protocol RunningSession: Actor {
    /// What is known of it now.
    var session: Session { get }
    /// What each kind of detector saw last.
    var lastSeen: [SignalKind: Observation] { get }
    /// What the detectors saw in the last minutes.
    var recent: RecentSignals { get }
    /// Runs the session to its end; returns when everything is cut and saved.
    func live() async
    /// Ends the session; what is being cut is finished first.
    func stop()
    /// Cuts a clip around the present position.
    ///
    /// - Returns: Identifier of the clip.
    /// - Throws: ``RequestFailure`` where nothing can be cut now.
    func trigger(_ request: TriggerRequest) async throws -> String
}
