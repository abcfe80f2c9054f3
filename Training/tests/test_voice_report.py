"""Calibration, held-out speakers, and that every figure of the voice card comes out of the commands. Needs no data."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from hypetrain import runtime

import numpy as np
import torch

from hypetrain import metrics
from hypetrain.voice import bank, report, text
from hypetrain.voice.data import FOLDS, HELD_OUT, Clip, split_of
from hypetrain.voice.evaluate import Answers
from hypetrain.voice.export import export_single, save
from hypetrain.voice.schedule import Epochs, every_run
from hypetrain.voice.train import Plan, train


def clip(corpus: str, speaker: str, label: int = 0, sex: str = "female", samples: int = 1) -> Clip:
    sound = np.random.default_rng(label + 1).standard_normal(samples).astype(np.float32) * 0.1
    return Clip(sound, 0, samples, corpus, f"{corpus}-{speaker}", sex, label, 0.5)


def overconfident(seed: int, clips: int = 4000, windows: int = 3) -> Answers:
    """Windows whose logits are three times too large; those of a clip share their error."""
    random = np.random.default_rng(seed)
    truth = random.standard_normal((clips, 8)) * 1.5
    labels = [int(random.choice(8, p=p)) for p in metrics.softmax(truth)]
    owner = np.repeat(np.arange(clips), windows)
    logits = 3 * (truth[owner] + random.standard_normal((clips * windows, 8)) * 0.3)
    return Answers(logits, np.zeros(len(owner)), owner, [clip("x", "1", label) for label in labels])


class CalibrationTests(unittest.TestCase):
    def test_clips_and_windows_of_other_people_are_calibrated(self):
        calibration, other = report.Calibration.fit([overconfident(1)]), overconfident(2)
        self.assertGreater(metrics.ece(metrics.softmax(other.logits), other.window_labels), 0.1)
        self.assertLess(metrics.ece(calibration.windows(other), other.window_labels), 0.03)
        self.assertLess(metrics.ece(calibration.clips(other), other.labels), 0.03)
        np.testing.assert_allclose(calibration.clips(other).sum(1), 1)

    def test_clips_are_the_mean_of_windows_raised_to_a_power(self):
        answers, calibration = overconfident(3, clips=4), report.Calibration(2.0, 0.5, 0.4, 0.4)
        means = metrics.softmax(answers.logits / 2).reshape(4, 3, 8).mean(1)
        np.testing.assert_allclose(calibration.clips(answers), means ** 2 / (means ** 2).sum(1, keepdims=True), atol=1e-6)


class SplitTests(unittest.TestCase):
    def test_the_folds_hold_out_every_actor_once(self):
        held = [actor for first, last in FOLDS for actor in range(first, last + 1)]
        self.assertEqual(held, list(range(1, 25)))

    def test_the_fold_that_ships_tests_the_actors_of_the_usual_split(self):
        first, last = FOLDS[report.SHIPPED]
        self.assertEqual([str(n) for n in range(first, last + 1)], list(HELD_OUT["ravdess"]["test"]))

    def test_people_of_a_new_corpus_are_held_out_by_name(self):
        splits = [split_of(clip("enterface05", str(n))) for n in range(42)]
        self.assertTrue({"train", "validation", "test"} == set(splits))
        self.assertGreater(splits.count("train"), 25)
        self.assertEqual(splits, [split_of(clip("enterface05", str(n), label=3)) for n in range(42)])


class ReportTests(unittest.TestCase):
    def test_every_figure_of_the_card_comes_from_the_commands(self):
        runtime.prepare(1, 1)
        clips = [clip("ravdess", f"{n:02}", label, "male" if n % 2 else "female", 40_000)
                 for n in range(1, 25) for label in range(8)]
        clips += [clip("emodb", n, label, "male", 30_000) for n in ("03", "08", "14", "15") for label in (3, 4, -1)]
        clips += [clip("crema-d", n, label, "female", 30_000) for n in ("1001", "1054", "1062") for label in (3, 4)]
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            runs = Path(folder)
            windows = bank.make(clips, runs / "bank", variants={"ravdess": 1, "emodb": 1, "crema-d": 1}, empty=4)
            banks = windows, windows
            plan = Plan(windows=16, batch=8, frames=64)
            every_run(clips, banks, runs, torch.device("cpu"), Epochs(1, 1, 1), plan)
            measured, calibration = report.measure(clips, runs)
            self.assertEqual(len(measured["folds"]["actors"]), 24)
            self.assertEqual(set(measured["across"]), {"ravdess", "emodb", "crema-d"})
            self.assertEqual(set(measured["shipped"]["test"]), {"ravdess", "emodb", "crema-d", "crema-d happy/sad"})
            save(report.fold_run(runs, report.SHIPPED), clips, calibration, runs / "models", "9.9.9")
            cost = {"parameters": 1, "bytes": 1, "milliseconds": {"min": 1, "p50": 1},
                    "agreement": {"openvino": 0.0, "onnxruntime": 0.0}}
            card = text.figures(json.loads((runs / "report.json").read_text()), cost, runs / "models")
            self.assertIn("21-24", card)
            self.assertTrue((runs / "models/voice-emotion-confusion.svg").exists())
            sidecar = json.loads((runs / "models/voice-emotion.json").read_text())
            self.assertEqual(sidecar["clipTemperature"], round(calibration.clip_temperature, 4))
            self.assertIn("CC BY-NC-SA", sidecar["data"])

    def test_a_run_on_other_data_is_exported_with_the_terms_of_that_data_only(self):
        runtime.prepare(1, 1)
        clips = [clip("crema-d", n, label, "", 30_000) for n in ("1001", "1002", "1054", "1062") for label in (3, 4)]
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            runs = Path(folder)
            windows = bank.make(clips, runs / "bank", variants={"crema-d": 1}, empty=2)
            train(clips, (windows, windows), runs / "free", Plan(epochs=1, windows=8, batch=4, frames=64), torch.device("cpu"))
            export_single(clips, runs / "free", runs / "models", "1.0.0")
            sidecar = json.loads((runs / "models/voice-emotion.json").read_text())
            self.assertEqual(sidecar["data"], "CREMA-D (ODbL 1.0)")
            self.assertTrue((runs / "models/voice-emotion.onnx").stat().st_size > 100_000)


if __name__ == "__main__":
    unittest.main()
