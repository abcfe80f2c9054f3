import ArgumentParser

/// Where `serve`, `watch` and `login` find settings and data.
struct ServerOptions: ParsableArguments {
    @Option(help: "Folder of the store, the clips and the uploads (server.data).")
    var dataDir: String?

    @Option(help: "JSON file with settings. The environment (HYPECLIP_…) goes before it, see docs/settings.md.")
    var config: String?

    /// What stood on the command line, by key of the setting.
    var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["server.data"] = dataDir
        return flags
    }
}
