import ArgumentParser
import HypeApp

/// The command line.
struct HypeclipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hypeclip",
        abstract: "Finds the hype moments of a stream and cuts the clips, with the seconds before the moment.",
        discussion: """
            Three witnesses are heard: the chat, the sound of the voice, and the face. Two that agree make a clip, \
            three an instant clip.

              hypeclip analyze stream.mp4 --chat chat.json
              hypeclip predict selfie.jpg laugh.wav
              hypeclip features talk.wav --png
              hypeclip evaluate --manifest mine.csv
              hypeclip serve
              hypeclip watch twitch:some_streamer
              hypeclip doctor
              hypeclip models list
            """,
        version: ServerApp.version,
        subcommands: [
            AnalyzeCommand.self, PredictCommand.self, FeaturesCommand.self, EvaluateCommand.self, DoctorCommand.self,
            ModelsCommand.self, ServeCommand.self, WatchCommand.self, LoginCommand.self, SettingsCommand.self,
        ]
    )
}
