import Foundation
import HypeWorker

/// The entry point of the worker, which the control plane starts; it is of no use at a terminal.
@main
enum Main {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        // Messages own the real standard output; whatever a library prints goes to the log.
        let messages = dup(STDOUT_FILENO)
        dup2(STDERR_FILENO, STDOUT_FILENO)
        let service = WorkerService(input: STDIN_FILENO, output: messages)
        let termination = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        signal(SIGTERM, SIG_IGN)
        termination.setEventHandler {
            service.stop()
            _exit(0)
        }
        termination.resume()
        // Without the libraries' exit handlers: their threads may still be at work, and there is nothing left to save.
        _exit(service.run())
    }
}
