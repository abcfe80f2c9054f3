import HypeUploads
import Testing

/// The code of the failure that some work ends with.
///
/// - Returns: Nil, with an issue recorded, where it does not fail so.
func failureCode(
    _ comment: Comment? = nil,
    location: SourceLocation = #_sourceLocation,
    _ work: () async throws -> some Any
) async -> UploadError.Code? {
    do {
        _ = try await work()
        Issue.record(comment ?? "nothing failed", sourceLocation: location)
    } catch let error as UploadError {
        return error.code
    } catch {
        Issue.record("\(error) is no UploadError", sourceLocation: location)
    }
    return nil
}
