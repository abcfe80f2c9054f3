"""The log-mel front-end keeps its contract. Needs no data."""

import unittest

import numpy as np
import torch

from hypetrain import logmel


class LogMelTests(unittest.TestCase):
    def test_a_window_gives_80_bands_and_197_frames(self):
        self.assertEqual(logmel.FRAMES, 197)
        self.assertEqual(logmel.LogMel()(torch.zeros(3, logmel.WINDOW)).shape, (3, 1, 80, 197))

    def test_silence_is_the_logarithm_of_the_floor(self):
        np.testing.assert_allclose(logmel.log_mel(np.zeros(logmel.WINDOW)), np.log(1e-10), rtol=1e-6)

    def test_a_tone_is_loudest_in_the_band_around_it_in_every_frame(self):
        edges = logmel.mel_frequencies(82, 0, 8000)
        for hertz in (220.0, 1000.0, 5000.0):
            tone = np.sin(2 * np.pi * hertz * np.arange(logmel.WINDOW) / logmel.SAMPLE_RATE)
            for band in set(logmel.log_mel(tone).argmax(0)):
                self.assertTrue(edges[band] - 32 < hertz < edges[band + 2] + 32, (hertz, band))

    def test_the_batch_version_agrees_with_the_reference(self):
        samples = np.random.default_rng(3).standard_normal(logmel.WINDOW).astype(np.float32) * 0.1
        batch = logmel.LogMel()(torch.from_numpy(samples)[None])[0, 0].numpy()
        np.testing.assert_allclose(batch, logmel.log_mel(samples), atol=2e-4)

    def test_the_filters_are_librosas(self):
        try:
            import librosa
        except ImportError:
            self.skipTest("needs librosa, which training itself does not")
        expected = librosa.filters.mel(sr=16000, n_fft=512, n_mels=80, fmin=0, fmax=8000, htk=False, norm="slaney")
        np.testing.assert_allclose(logmel.mel_filters(), expected, atol=1e-7)


if __name__ == "__main__":
    unittest.main()
