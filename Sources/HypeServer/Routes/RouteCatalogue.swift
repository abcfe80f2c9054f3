import SocketIO

/// Everything that a client can ask for.
struct RouteCatalogue: Sendable {
    let parts: ServerParts
    let gatekeeper: Gatekeeper
    let measures: ServerMeasures
    let sockets: SocketIOServer
    let predictions: PredictionDesk
    let forms: FormGate
    let limits: PredictionSettings
    let keepAlive: Duration
    let clock: any Clock<Duration>

    /// All routes.
    var routes: [Route] {
        dashboardRoutes + healthRoutes + logInRoutes + sessionRoutes + clipRoutes + mediaRoutes + historyRoutes
            + uploadRoutes + resumableRoutes + predictionRoutes + eventRoutes + webhookRoutes + ingestRoutes
            + accountRoutes
    }
}
