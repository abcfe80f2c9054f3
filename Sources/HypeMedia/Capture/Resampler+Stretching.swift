import CFFmpeg

extension Resampler {
    /// Stretches what comes from now on.
    ///
    /// - Parameter ppm: Millionths by which more samples come out than the rates alone would give.
    func stretch(ppm: Int) {
        guard let context else { return }
        swr_set_compensation(context, Int32(clamping: ppm), 1_000_000)
    }

    /// What is held back by the filter, in samples of the rate that goes in.
    func delay(rate: Int) -> Double {
        guard let context else { return 0 }
        return Double(swr_get_delay(context, 1_000_000_000)) * Double(rate) / 1e9
    }
}
