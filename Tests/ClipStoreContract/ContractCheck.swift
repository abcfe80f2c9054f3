package import HypeStore

/// One thing that every store must do, whatever it keeps things in.
///
/// The suites of all implementations run ``all``. The checks know no testing framework: they throw a ``Violation``.
package struct ContractCheck: Sendable, CustomStringConvertible {
    /// Opens a store on the same contents each time it is called; empty at first.
    package typealias Open = @Sendable () async throws -> any ClipStore

    /// What the store must do.
    package let description: String
    private let body: @Sendable (_ open: Open) async throws -> Void

    /// All checks.
    package static let all =
        ClipChecks.all + QueryChecks.all + PagingChecks.all + DeletionChecks.all + SessionChecks.all
        + EventChecks.all + WebhookChecks.all + LifeChecks.all

    /// Creates a check that opens and closes stores itself.
    init(_ description: String, reopening body: @escaping @Sendable (_ open: Open) async throws -> Void) {
        self.description = description
        self.body = body
    }

    /// Creates a check of one store.
    init(_ description: String, body: @escaping @Sendable (_ store: any ClipStore) async throws -> Void) {
        self.init(description, reopening: { open in try await using(open, body) })
    }

    /// Runs the check.
    ///
    /// - Parameter open: Opens the store on contents that no other check uses.
    /// - Throws: ``Violation`` where the store does not do what it must, or what it throws itself.
    package func run(_ open: @escaping Open) async throws {
        try await body(open)
    }
}

/// Opens a store for a while; it is closed in every case.
func using(_ open: ContractCheck.Open, _ body: (any ClipStore) async throws -> Void) async throws {
    let store = try await open()
    do {
        try await body(store)
    } catch {
        await store.close()
        throw error
    }
    await store.close()
}

/// A store did not do what it must.
package struct Violation: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String, _ place: Place) {
        self.description = "\(place.file):\(place.line): \(description)"
    }
}

/// Where in the source something was expected.
struct Place {
    var file: String
    var line: Int
}

/// Throws unless a condition holds.
func expect(
    _ condition: Bool,
    _ description: @autoclosure () -> String,
    file: String = #fileID,
    line: Int = #line
) throws {
    if !condition { throw Violation(description(), Place(file: file, line: line)) }
}

/// Throws unless two values are the same.
func expect<Value: Equatable>(
    _ value: Value,
    equals wanted: Value,
    _ description: @autoclosure () -> String = "",
    file: String = #fileID,
    line: Int = #line
) throws {
    if value != wanted {
        throw Violation("\(description()) is \(value), not \(wanted)", Place(file: file, line: line))
    }
}

/// Throws unless the body throws a store's error of a kind.
func expect(
    _ code: StoreError.Code,
    from body: () async throws -> Void,
    file: String = #fileID,
    line: Int = #line
) async throws {
    do {
        try await body()
    } catch let error as StoreError {
        let place = Place(file: file, line: line)
        if error.code != code { throw Violation("the error is \(error.code) (\(error)), not \(code)", place) }
        return
    }
    throw Violation("nothing was thrown instead of \(code)", Place(file: file, line: line))
}
