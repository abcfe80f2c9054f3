package import HTTPTypes

/// All routes; finds the one that a request asks for.
package struct RouteTable: Sendable {
    /// What was found.
    package enum Finding: Sendable {
        /// A route, and what stood in place of its braces.
        case route(Route, [String: String])
        /// The path is known, but not with this method; the methods that are.
        case otherMethods([HTTPRequest.Method])
        /// No such path.
        case nothing
    }

    /// All routes.
    package let routes: [Route]
    private let byLength: [Int: [Route]]

    /// Creates a table.
    package init(_ routes: [Route]) {
        self.routes = routes
        let sorted = routes.sorted { $0.template.literals > $1.template.literals }
        byLength = Dictionary(grouping: sorted) { $0.template.description.split(separator: "/").count }
    }

    /// Finds the route of a request.
    ///
    /// A `HEAD` is served by the `GET` of the same path unless it has a route of its own.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - path: The path's parts, decoded.
    /// - Returns: What was found.
    package func find(_ method: HTTPRequest.Method, _ path: [String]) -> Finding {
        let same = fitting(path)
        for wanted in method == .head ? [.head, .get] : [method] {
            if let (route, parameters) = same.first(where: { $0.0.method == wanted }) {
                return .route(route, parameters)
            }
        }
        return same.isEmpty ? .nothing : .otherMethods(methods(path))
    }

    /// The methods that a path knows, in the order of the alphabet; empty for an unknown one.
    package func methods(_ path: [String]) -> [HTTPRequest.Method] {
        var methods = Set(fitting(path).map(\.0.method))
        guard !methods.isEmpty else { return [] }
        methods.insert(.options)
        if methods.contains(.get) { methods.insert(.head) }
        return methods.sorted { $0.rawValue < $1.rawValue }
    }

    /// The routes whose form fits a path best; they differ in their methods only.
    private func fitting(_ path: [String]) -> [(Route, [String: String])] {
        let all = (byLength[path.count] ?? []).compactMap { route in route.template.match(path).map { (route, $0) } }
        return all.filter { $0.0.template == all.first?.0.template }
    }
}
