/// The exit codes of `hypeclip`, as the documentation lists them.
enum ExitStatus: Int32 {
    /// Everything was done.
    case done = 0
    /// Something failed.
    case failed = 1
    /// The command line makes no sense.
    case usage = 2
    /// The input cannot be read.
    case unreadableInput = 3
    /// Ctrl-C or SIGTERM; no child and no half file is left.
    case interrupted = 130
}
