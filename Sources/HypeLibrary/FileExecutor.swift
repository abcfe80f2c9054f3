import Dispatch

/// Runs an actor's work on a thread of its own, so that waiting for the disk holds up nothing else.
final class FileExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "hypeclip.files")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
