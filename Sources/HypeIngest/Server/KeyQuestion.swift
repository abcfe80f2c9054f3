/// A publisher that waits to hear whether its key is right.
struct KeyQuestion: Sendable {
    /// What it presented.
    let request: PublishRequest
    /// Takes the verdict, from any thread.
    let reply: @Sendable (StreamKeyVerdict) -> Void
}
