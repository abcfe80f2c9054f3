import Dispatch
import Foundation
import HypeCore

/// The threads of a capture: one for each device, one that puts pictures together, one that mixes sound.
enum CaptureThreads {
    // x264 and the decoders of webcams keep tables on the stack.
    private static let stackSize = 4 << 20

    /// Starts all threads; they end after ``CaptureBoard/end()`` and leave the group.
    static func start(_ board: CaptureBoard, backend: any CaptureBackend, group: DispatchGroup) {
        if board.settings.hasPicture { start("capture.picture", group) { composePictures(board) } }
        if board.settings.hasSound { start("capture.sound", group) { mixSound(board) } }
        for role in board.settings.roles {
            start("capture.\(role.rawValue)", group) { run(role, board, backend) }
        }
    }

    private static func start(_ name: String, _ group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        let thread = Thread {
            // The system shows the name only where the thread sets it itself.
            Thread.current.name = name
            body()
            group.leave()
        }
        thread.stackSize = stackSize
        thread.start()
    }

    private static func run(_ role: CaptureRole, _ board: CaptureBoard, _ backend: any CaptureBackend) {
        guard let name = board.settings.device(for: role) else { return }
        while !board.stop.isCancelled {
            do throws(CaptureFailure) {
                let device = try backend.open(name, role: role, settings: board.settings, clock: board.clock)
                while !board.stop.isCancelled { board.deliver(try device.read(), from: role) }
            } catch {
                board.pause(role, for: board.fail(error, of: role))
                board.reopen(role)
            }
        }
    }

    private static func composePictures(_ board: CaptureBoard) {
        let roles = board.settings.roles.filter(\.isPicture)
        do throws(MediaError) {
            let line = try PictureLine(board.settings)
            board.open([line.stream], of: .video)
            while !board.stop.isCancelled {
                for (role, event) in board.take(roles) {
                    switch event {
                    case .frame(let frame): line.take(frame, from: role)
                    case .lost: line.lose(role)
                    }
                }
                for packet in try line.packets(at: board.clock.now) { board.packets.add(packet) }
                board.report(line)
                wait(board.pictureBell, until: line.deadline, board)
            }
        } catch {
            board.abort(error)
        }
    }

    private static func mixSound(_ board: CaptureBoard) {
        let roles = board.settings.roles.filter { !$0.isPicture }
        do throws(MediaError) {
            let line = SoundLine(board.settings)
            let tracks = try SoundTracks(hasVoice: board.settings.microphone != nil)
            board.open(tracks.streams, of: .audio, remark: tracks.remark)
            while !board.stop.isCancelled {
                for (role, event) in board.take(roles) {
                    switch event {
                    case .frame(let frame): line.take(frame, from: role)
                    case .lost: line.lose(role)
                    }
                }
                for block in line.blocks(at: board.clock.now) {
                    for packet in try tracks.encode(block) { board.packets.add(packet) }
                }
                board.report(line)
                wait(board.soundBell, until: line.deadline, board)
            }
        } catch {
            board.abort(error)
        }
    }

    private static func wait(_ bell: DispatchSemaphore, until deadline: MediaTime, _ board: CaptureBoard) {
        let span = deadline - board.clock.now
        guard span > .zero else { return }
        _ = bell.wait(timeout: .now() + .nanoseconds(Int(clamping: min(span, .milliseconds(200)).nanoseconds)))
    }
}
