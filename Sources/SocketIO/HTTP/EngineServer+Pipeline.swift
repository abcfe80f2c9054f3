package import NIOCore
internal import NIOHTTP1

extension EngineServer {
    /// Puts codec and gate into a pipeline with default options.
    package func configurePipeline(of channel: any Channel) throws {
        try configurePipeline(of: channel, options: GateOptions())
    }

    /// Puts codec and gate into a pipeline.
    func configurePipeline(of channel: any Channel, options: GateOptions) throws {
        let encoder = HTTPResponseEncoder()
        let decoder = options.makeDecoder()
        let gate = SocketIOGate(engine: self, options: options, decoder: decoder, encoder: encoder)
        // Broadcasts must reach loops from their first connection on.
        _ = loop(on: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandlers([encoder, decoder, gate])
    }
}
