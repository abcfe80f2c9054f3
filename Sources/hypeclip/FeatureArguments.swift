import ArgumentParser
import HypeCore

/// Which features are computed, in the words of the command line.
struct FeatureArguments: ParsableArguments {
    @Option(
        defaultAsFlag: 13,
        parsing: .next,
        help: ArgumentHelp("That many mel-frequency cepstral coefficients.", valueName: "N")
    )
    var mfcc: Int?

    @Option(
        defaultAsFlag: 80,
        parsing: .next,
        help: ArgumentHelp("Power in that many mel bands.", valueName: "N")
    )
    var mel: Int?

    @Flag(help: "Mel bands in dB.")
    var log = false

    @Flag(help: "Slopes and their slopes too: three times as many numbers.")
    var delta = false

    @Option(help: ArgumentHelp("Mel bands that coefficients are made of.", valueName: "N"))
    var bands: Int?

    @Option(help: ArgumentHelp("Length of the Hann window in ms, 2 to 1000.", valueName: "ms"))
    var window = 25.0

    @Option(help: ArgumentHelp("Time from frame to frame in ms, 1 to 1000.", valueName: "ms"))
    var hop = 10.0

    @Option(
        help: ArgumentHelp("Samples of the Fourier transform; else the power of two above the window.", valueName: "N")
    )
    var fft: Int?

    @Option(help: ArgumentHelp("Lowest frequency of the bands in Hz.", valueName: "Hz"))
    var fmin = 0.0

    @Option(help: ArgumentHelp("Highest frequency of the bands in Hz, up to 8000.", valueName: "Hz"))
    var fmax = 8000.0

    @Option(
        help: ArgumentHelp(
            "The power that has 0 dB: a number, or max for the loudest place. (default: max, 1 for --mfcc)",
            valueName: "power"
        )
    )
    var ref: String?

    @Option(
        help: ArgumentHelp("Cut off what is that many dB below the loudest place; none for nothing.", valueName: "dB")
    )
    var topDb = "80"

    @Flag(help: "Frames begin at their time instead of being centred on it, and only whole ones are taken.")
    var uncentred = false

    /// The settings that were asked for.
    ///
    /// - Throws: `ValidationError` for options that contradict each other and for words that are no numbers.
    func settings() throws -> FeatureSettings {
        if mfcc != nil, mel != nil {
            throw ValidationError("Give either --mfcc or --mel; run the command twice for both.")
        }
        if mfcc != nil, log { throw ValidationError("--log is for mel bands; coefficients are made of dB anyway.") }
        if mfcc == nil, bands != nil { throw ValidationError("--bands belongs to --mfcc; say --mel N for N bands.") }
        for (name, number) in [("window", window), ("hop", hop), ("fmin", fmin), ("fmax", fmax)]
        where !number.isFinite || abs(number) > 1e6 {
            throw ValidationError("--\(name) takes a number such as 25.")
        }
        guard fmin < fmax else { throw ValidationError("--fmin must be below --fmax.") }
        let kind: FeatureSettings.Kind =
            if let mfcc { .mfcc(count: mfcc) } else if mel == nil || log { .logMel } else { .mel }
        return FeatureSettings(
            kind: kind,
            bandCount: mel ?? bands ?? 80,
            window: .nanoseconds(Int64((window * 1e6).rounded())),
            hop: .nanoseconds(Int64((hop * 1e6).rounded())),
            transformLength: fft,
            frequencies: fmin...fmax,
            reference: try reference(),
            range: try range(),
            isCentred: !uncentred,
            hasSlopes: delta
        )
    }

    private func reference() throws -> FeatureSettings.Reference {
        guard let ref else { return mfcc == nil ? .greatest : .power(1) }
        if ref.lowercased() == "max" { return .greatest }
        guard let power = Double(ref) else { throw ValidationError("--ref takes max or a power such as 1.") }
        return .power(power)
    }

    private func range() throws -> Double? {
        if topDb.lowercased() == "none" { return nil }
        guard let range = Double(topDb) else {
            throw ValidationError("--top-db takes a number of dB such as 80, or none.")
        }
        return range
    }
}
