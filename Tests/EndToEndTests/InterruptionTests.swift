import Foundation
import Testing

/// Ctrl-C and dying workers.
@Suite(.timeLimit(.minutes(5)))
struct InterruptionTests {
    @Test
    func interruptLeavesNoChildAndNoHalfFile() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        // The worker is started through a script that notes its process identifier and then becomes the worker.
        let noted = scratch.path("worker.pid")
        let script = try scratch.write("#!/bin/sh\necho $$ > '\(noted)'\nexec '\(Command.worker)'\n", to: "worker")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let result = try Command.run(
            Command.hypeclip,
            ["analyze", recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out")],
            environment: ["HYPECLIP_WORKER": script]
        ) { process in
            // The worker's birth is the sign that the analysis is under way.
            while !FileManager.default.fileExists(atPath: noted) && process.isRunning { sched_yield() }
            process.interrupt()
        }
        #expect(result.status == 130)
        #expect(result.errors.contains("interrupted"))
        let worker = try #require(
            Int32(try String(contentsOfFile: noted, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines))
        )
        #expect(kill(worker, 0) == -1)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: scratch.path("out"))) ?? []
        #expect(!files.contains { $0.hasSuffix(".part") || $0 == "moments.json" })
    }

    @Test
    func aWorkerThatIsKilledOnceCostsNothing() throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let recording = try Stage.recording(scratch)
        let marker = scratch.path("crashed")
        let script = try scratch.write(
            "#!/bin/sh\nif [ ! -e '\(marker)' ]; then : > '\(marker)'; '\(Command.worker)' & sleep 1; kill -9 $!; kill -9 $$; fi\n"
                + "exec '\(Command.worker)'\n",
            to: "worker"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let result = try Command.run(
            Command.hypeclip,
            ["analyze", "--quiet", recording, "--chat", try Stage.chat(scratch), "--out", scratch.path("out")],
            environment: ["HYPECLIP_WORKER": script]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("1 clip"))
    }
}
