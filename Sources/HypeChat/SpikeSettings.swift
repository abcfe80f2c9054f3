extension SpikeDetector {
    /// What the detector takes for a spike.
    package struct Settings: Hashable, Sendable {
        /// How long a user counts after a message; 5 s … 120 s.
        ///
        /// 20 s was the best of the windows compared on labelled recordings.
        package var window: Duration = .seconds(20)
        /// Time constant of the ordinary level, 60 s … 2 h.
        package var baselineTime: Duration = .seconds(900)
        /// By how much the ordinary level lags behind the window, so that a burst does not raise its own yardstick;
        /// 0 … 5 min.
        package var baselineLag: Duration = .seconds(20)
        /// Corrected likelihood ratio at which a rise is an alarm (score 0.5); 0.5 … 20.
        ///
        /// Chosen on 24 h of synthetic chat each at 10, 40, 154, 600 and 2,000 messages per minute, whose counts scatter
        /// like real chat's: 1.0, 1.0, 1.4, 2.2 and 1.4 false alarms per hour; of bursts to three times the ordinary rate
        /// .21, .36, .65, .85 and .81 are found, of those to five times .64, .99, 1, 1 and 1.
        package var threshold = 6.0
        /// Fewer users than this are never an alarm; at least 1.
        package var minimumUsers = 5
        /// The ordinary level is taken to be at least this many users per window; above 0.
        package var minimumBaseline = 0.3
        /// Squared residuals are cut at this multiple of the dispersion before they enter its estimate; at least 1.
        ///
        /// A multiple rather than a fixed limit, which holds the dispersion of busy chats down, so that false alarms come
        /// about as often in chats of every size (docs/decisions/0006).
        package var residualLimit = 4.0
        /// No alarm so long after the start; with ``baselinePrior`` a shorter time is enough.
        package var silentStart: Duration = .seconds(120)
        /// How long after the start evidence counts less, because greetings come in waves.
        package var dampedStart: Duration = .seconds(600)
        /// What evidence is multiplied by in that time, 0…1.
        package var startDamping = 0.5
        /// The ordinary level, where it is known beforehand; nil for a live stream.
        package var baselinePrior: BaselinePrior?
        /// How long after a raid users who were never seen before do not count.
        package var raidWindow: Duration = .seconds(120)
        /// How long after a raid the evidence of everybody else counts less, because they greet.
        package var raidGreeting: Duration = .seconds(60)
        /// What evidence is multiplied by in that time, 0…1.
        package var raidDamping = 0.5
        /// What counts as many accounts in one hand.
        package var botNet = BotNetFilter.Settings()
        /// Evidence with texts and an onset is gathered from this score on, 0…0.5.
        package var evidenceScore = 0.4
        /// How many of the texts said most often are kept.
        package var topMessageCount = 5
        /// How many users are remembered; beyond it those who were silent longest are forgotten.
        package var rememberedUsers = 200_000

        /// Creates the default settings.
        package init() {}
    }

    /// The ordinary level of a chat, known before the detector starts.
    package struct BaselinePrior: Hashable, Sendable {
        /// Distinct users per window.
        package var uniqueUsers: Double
        /// Variance of that number divided by its mean, at least 1.
        package var dispersion: Double
        /// Lines of any kind per window.
        package var lines: Double
        /// Variance of that number divided by its mean, at least 1.
        package var lineDispersion: Double

        /// Creates a prior.
        package init(uniqueUsers: Double, dispersion: Double, lines: Double, lineDispersion: Double) {
            self.uniqueUsers = uniqueUsers
            self.dispersion = max(1, dispersion)
            self.lines = lines
            self.lineDispersion = max(1, lineDispersion)
        }
    }
}
