import Foundation
import HTTPTypes
import HummingbirdCore
import HypeStore
import Logging
import NIOCore

/// Answers requests: checks who asks, finds the route, and turns failures into problems.
struct Dispatcher: Sendable {
    let table: RouteTable
    let policy: AccessPolicy
    let gatekeeper: Gatekeeper
    let measures: ServerMeasures
    let documentLimit: Int
    let documentTime: Duration
    let logger: Logger

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - head: The request's head.
    ///   - body: What follows it.
    ///   - peer: The other end of the connection.
    /// - Returns: The answer; ``finish(_:failure:)`` must be called once it was sent.
    func answer(_ head: HTTPRequest, body: IncomingBody, peer: Peer) async -> Exchange {
        measures.begin()
        let id = RequestID.choose(head.headerFields[.requestID])
        var logger = logger
        logger[metadataKey: "request.id"] = "\(id)"
        var exchange = Exchange(
            response: Response(status: .internalServerError),
            route: "unmatched",
            method: head.method,
            start: .now,
            logger: logger,
            isStream: false
        )
        do {
            exchange.response = try await respond(head, body, peer, id, &exchange)
        } catch {
            exchange.response = refuse(error, id, exchange.logger)
        }
        if head.method == .head {
            exchange.response = exchange.response.createHeadResponse()
            // Without a length the encoder would announce chunks and send the last one.
            if exchange.response.headers[.contentLength] == nil { exchange.response.headers[.contentLength] = "0" }
        }
        exchange.response.headers[.requestID] = id
        let foreign = policy.foreignOrigin(head.headerFields[.origin])
        SecurityHeaders.add(to: &exchange.response.headers, foreignOrigin: foreign)
        exchange.isStream = exchange.response.headers[.contentType] == EventStream.mediaType
        return exchange
    }

    /// Counts and logs an answer that was sent, or could not be.
    func finish(_ exchange: Exchange, failure: (any Error)?) {
        let seconds = (ContinuousClock.now - exchange.start) / .seconds(1)
        let status = exchange.response.status.code
        measures.end(route: exchange.route, status: status, seconds: exchange.isStream ? nil : seconds)
        exchange.logger.info(
            "request",
            metadata: [
                "method": "\(exchange.method.rawValue)", "route": "\(exchange.route)", "status": "\(status)",
                "seconds": "\(seconds)", "sent": failure == nil ? "whole" : "broken",
            ]
        )
    }

    private func respond(
        _ head: HTTPRequest,
        _ body: IncomingBody,
        _ peer: Peer,
        _ id: String,
        _ exchange: inout Exchange
    ) async throws -> Response {
        try policy.checkHost(head.authority)
        let target = try RequestTarget(head.path ?? "/")
        if head.method == .options, head.headerFields[.accessControlRequestMethod] != nil {
            return try preflight(head, table.methods(target.segments))
        }
        switch table.find(head.method, target.segments) {
        case .nothing:
            throw Problem(404, "There is nothing at this address; /openapi.json lists what there is.")
        case .otherMethods(let methods):
            if head.method == .options { return Wire.empty(.noContent, headers: [.allow: Self.list(methods)]) }
            let refusal = Problem(405, "Here only \(Self.list(methods)) is possible.")
            throw HeaderedProblem(problem: refusal, headers: [.allow: Self.list(methods)])
        case .route(let route, let parameters):
            exchange.route = route.template.description
            for (name, value) in parameters { exchange.logger[metadataKey: Self.metadataKey(route, name)] = "\(value)" }
            let credential = gatekeeper.credential(head.headerFields)
            try policy.check(
                route.effect,
                method: head.method,
                authority: head.authority,
                headers: head.headerFields,
                credential: credential
            )
            return try await route.handler(
                IncomingRequest(
                    id: id,
                    method: head.method,
                    target: target,
                    parameters: parameters,
                    authority: head.authority,
                    headers: head.headerFields,
                    body: body,
                    peer: peer,
                    credential: credential,
                    logger: exchange.logger,
                    documentLimit: documentLimit,
                    documentTime: documentTime
                )
            )
        }
    }

    private func preflight(_ head: HTTPRequest, _ methods: [HTTPRequest.Method]) throws -> Response {
        guard policy.foreignOrigin(head.headerFields[.origin]) != nil else { throw AccessPolicy.Refusal.foreignPage }
        return Wire.empty(.noContent, headers: SecurityHeaders.preflight(methods))
    }

    private func refuse(_ error: any Error, _ id: String, _ logger: Logger) -> Response {
        let failure = ProblemMapping.map(error)
        if failure.problem.status >= 500 {
            logger.log(level: failure.level, "request failed", metadata: Self.describe(error))
        }
        return problemResponse(failure.problem, id, headers: failure.headers)
    }

    private func problemResponse(_ problem: Problem, _ id: String, headers: HTTPFields) -> Response {
        var problem = problem
        problem.requestId = id
        let document = (try? DocumentJSON.encode(problem)) ?? Data()
        return Wire.json(
            document,
            status: HTTPResponse.Status(code: problem.status, reasonPhrase: problem.title),
            mediaType: Problem.mediaType,
            headers: headers
        )
    }

    private static func describe(_ error: any Error) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["error": "\(error)", "error.type": "\(type(of: error))"]
        if let cause = (error as? any CauseBearing)?.cause { metadata["error.cause"] = "\(cause)" }
        return metadata
    }

    /// `session.id` for `/api/sessions/{id}`, `clip.id` for `/api/clip/{id}`.
    private static func metadataKey(_ route: Route, _ parameter: String) -> String {
        let path = route.template.description
        let subject =
            ["session", "clip", "upload", "webhook", "prediction"].first { path.hasPrefix("/api/\($0)") } ?? "path"
        return "\(subject).\(parameter)"
    }

    private static func list(_ methods: [HTTPRequest.Method]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }
}
