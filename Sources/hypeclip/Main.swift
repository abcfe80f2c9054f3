import ArgumentParser
import Foundation
import HypeApp

/// The entry point: parses, runs, and turns every outcome into a sentence and an exit code.
@main
enum Main {
    static func main() async {
        // A worker that dies while it is written to must not take the control plane along.
        signal(SIGPIPE, SIG_IGN)
        exit(await run().rawValue)
    }

    private static func run() async -> ExitStatus {
        do {
            var command = try HypeclipCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .done
        } catch is CancellationError {
            complain("interrupted; nothing half-written is left")
            return .interrupted
        } catch let failure as AppFailure {
            complain(failure.message)
            return switch failure.code {
            case .unreadableInput: .unreadableInput
            case .interrupted: .interrupted
            case .failed: .failed
            }
        } catch {
            let text = HypeclipCommand.fullMessage(for: error)
            switch HypeclipCommand.exitCode(for: error) {
            case .success:
                print(text)
                return .done
            case .validationFailure:
                FileHandle.standardError.write(Data((text + "\n").utf8))
                return .usage
            default:
                complain("\(error)")
                return .failed
            }
        }
    }

    private static func complain(_ sentence: String) {
        FileHandle.standardError.write(Data("hypeclip: \(sentence)\n".utf8))
    }
}
