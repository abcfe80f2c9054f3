import HTTPTypes
import HypeEvents

extension RouteCatalogue {
    /// What happens, as it happens.
    var eventRoutes: [Route] {
        [
            Route(.get, "/api/events", .read) { [parts, measures, keepAlive, clock] request in
                let session = try request.target.text("session")
                var after = try request.target.integer("after", in: 0...Int64.max)
                // A browser that comes back repeats the address and adds the number.
                if let last = request.headers[.lastEventID] {
                    guard let number = Int64(last), number >= 0 else {
                        throw Problem(400, "The field Last-Event-ID must be the number of an event.")
                    }
                    after = number
                }
                let subscription = await parts.events.subscribe(after: after, session: session)
                return EventStream(
                    subscription: subscription,
                    measures: measures,
                    keepAlive: keepAlive,
                    clock: clock,
                    peer: request.peer
                ).response
            }
        ]
    }
}
