import ArgumentParser
import Foundation
import HypeApp
import HypeCore

/// `hypeclip features`: what nets are fed with, computed from sound.
struct FeaturesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Computes MFCC and mel spectrograms of recordings, as numbers and as pictures.",
        discussion: """
            The numbers are those of librosa, to a thousandth. The sound of any file is read as 16 kHz mono; a frame of \
            25 ms is taken every 10 ms, centred on its time. Without --mfcc and --mel, the mel spectrogram in dB is made \
            (--mel 80 --log). Memory stays small however long the recording is.

            --mel N        power in N bands as wide as the ear hears, as
                           librosa.feature.melspectrogram gives it
            --mel N --log  the same in dB below the loudest place, as
                           librosa.power_to_db with ref=np.max
            --mfcc N       the shape of the spectrum in N numbers, usually 13, 20
                           or 40, as librosa.feature.mfcc
            --delta        also the slope of each number over nine frames, and
                           the slope of the slope

            Where they go: --csv (a line per frame, its time first), --json, --npy (numpy.load gives librosa's shape, \
            values × frames), --png (a picture with axes). Each takes a file, or makes its name from the recording's: \
            talk.wav gives talk.mel.png or talk.mfcc.csv in this folder, or in that of --out. For --csv and --json, - is \
            standard output. Without any of them a summary is printed: mean, deviation and range of each number.

            A picture of mel bands is always in dB; one of coefficients shows how far each is from its own mean. Hours are \
            averaged down to 1600 columns. For a net that reads pictures: --png --bare --size 224x224.

            Examples:
              hypeclip features talk.wav --png
              hypeclip features talk.wav --mfcc 13 --delta --npy
              hypeclip features talk.mp4 --mfcc 20 --csv - | head
              hypeclip features *.wav --mel 64 --log --npy --out feats
              hypeclip features call.ogg --mel 40 --fmin 300 --fmax 3400 --png

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a recording cannot be read or has no sound (the others are \
            done), 130 interrupted.
            """
    )

    @Argument(help: "Recordings: anything with a sound track.")
    var files: [String]

    @OptionGroup(title: "Features")
    var features: FeatureArguments

    @OptionGroup(title: "Files")
    var output: FeatureOutputArguments

    @Flag(name: .shortAndLong, help: "No progress bar and no summary.")
    var quiet = false

    func validate() throws {
        if let mistake = try features.settings().mistake { throw ValidationError(mistake) }
        _ = try output.tasks(for: files, settings: features.settings())
    }

    func run() async throws {
        let app = try await App(configFile: nil, isVerbose: false)
        let settings = try features.settings()
        let stage = try output.stage(for: files, settings: settings)
        defer { stage.remove() }
        let bar = quiet || files.count < 2 ? nil : ProgressBar()
        let outcomes: [FeatureOutcome]
        do {
            outcomes = try await interruptible {
                try await app.features(stage.tasks, settings: settings) { bar?.update($0) }
            }
        } catch {
            bar?.clear()
            throw error
        }
        bar?.clear()
        try stage.print()
        if !quiet, !stage.printsValues { report(outcomes, stage: stage) }
        try complain(about: outcomes)
    }

    private func report(_ outcomes: [FeatureOutcome], stage: FeatureStage) {
        let text = FeatureText(outcomes, files: stage.tasks.map(\.files)).text
        if !text.isEmpty { Swift.print(text) }
    }

    /// Names the recordings without features and ends with the exit code for them.
    private func complain(about outcomes: [FeatureOutcome]) throws {
        var failures: [AppFailure] = []
        for outcome in outcomes {
            if case .failure(let failure) = outcome.result { failures.append(failure) }
        }
        guard let first = failures.first else { return }
        if outcomes.count == 1 { throw first }
        for failure in failures {
            FileHandle.standardError.write(Data("hypeclip: \(failure.message)\n".utf8))
        }
        let code = failures.contains { $0.code == .failed } ? AppFailure.Code.failed : .unreadableInput
        throw AppFailure(code, "\(failures.count) of \(outcomes.count) recordings gave no features")
    }
}
