package import HTTPTypes
package import HummingbirdCore

/// One thing that a client can ask for.
package struct Route: Sendable {
    /// Fulfils a request.
    package typealias Handler = @Sendable (IncomingRequest) async throws -> Response

    /// The request's method.
    package let method: HTTPRequest.Method
    /// The form of its paths.
    package let template: RouteTemplate
    /// What it does to the world.
    package let effect: AccessPolicy.Effect
    /// Fulfils a request.
    package let handler: Handler

    /// Creates a route.
    package init(
        _ method: HTTPRequest.Method,
        _ template: String,
        _ effect: AccessPolicy.Effect,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.template = RouteTemplate(template)
        self.effect = effect
        self.handler = handler
    }
}
