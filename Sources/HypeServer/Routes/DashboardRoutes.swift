import HTTPTypes
import HummingbirdCore
import NIOCore

extension RouteCatalogue {
    /// The page for people, its files, and the description of the API.
    var dashboardRoutes: [Route] {
        [
            Route(.get, "/", .open) { request in try Self.serve("index.html", to: request) },
            Route(.get, "/dashboard/{file}", .open) { request in
                try Self.serve(request.parameters["file"] ?? "", to: request)
            },
            Route(.get, "/openapi.json", .open) { request in try Self.serve("openapi.json", to: request) },
        ]
    }

    private static func serve(_ name: String, to request: IncomingRequest) throws -> Response {
        guard let asset = Assets.named(name) else { throw Problem(404, "There is no such file.") }
        var headers: HTTPFields = [
            .contentType: asset.mediaType, .eTag: asset.entityTag, .cacheControl: "no-cache",
        ]
        if asset.isPage { headers[.contentSecurityPolicy] = SecurityHeaders.pagePolicy }
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
        if known.contains(where: { $0 == asset.entityTag || $0 == "*" }) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.bytes))
    }
}
