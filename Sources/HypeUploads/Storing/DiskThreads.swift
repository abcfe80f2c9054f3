import NIOPosix

/// Does what blocks, on threads that may block.
struct DiskThreads: Sendable {
    let pool: NIOThreadPool

    /// Does a piece of work and waits for it.
    ///
    /// It is done whether or not the task was cancelled, since every piece is short and cleaning up is one of them; on a
    /// pool that was shut down it is done right here.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(UploadError) -> Result
    ) async throws(UploadError) -> Result {
        let result: Swift.Result<Result, UploadError> = await withCheckedContinuation { continuation in
            pool.submit { _ in continuation.resume(returning: Swift.Result(catching: work)) }
        }
        return try result.get()
    }
}
