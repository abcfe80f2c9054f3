/// How workers are started and watched over.
package struct WorkerSettings: Sendable {
    /// Path of the `hypeclip-worker` executable.
    package var executable: String
    /// What each worker is told first.
    package var hello: WorkerHello
    /// How long a worker may say nothing while it owes an answer before it counts as hung and is killed.
    package var silenceLimit: Duration
    /// How long a worker may take to let go of a request that is waited for after it was cancelled.
    package var recallLimit = Duration.seconds(2)
    /// How long a worker may take to greet back.
    package var greetingLimit: Duration
    /// How often a worker may die on one request before the request is given up.
    package var maximumDeaths: Int
    /// Whether the worker keeps memory that is free for its next request instead of giving it back to the system.
    package var keepsFreeMemory = false
    /// Pauses between a death and the next start.
    package var backoff: Backoff

    /// Creates settings.
    package init(
        executable: String,
        hello: WorkerHello,
        silenceLimit: Duration = .seconds(120),
        greetingLimit: Duration = .seconds(60),
        maximumDeaths: Int = 2,
        backoff: Backoff = Backoff()
    ) {
        self.executable = executable
        self.hello = hello
        self.silenceLimit = silenceLimit
        self.greetingLimit = greetingLimit
        self.maximumDeaths = maximumDeaths
        self.backoff = backoff
    }
}
