"""Training the face network on tiny generated data: resuming, stages. Needs no data."""

import io
import json
import tempfile
import unittest
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path
from unittest import mock

from hypetrain import runtime

import numpy as np
import torch

from hypetrain import metrics
from hypetrain.face import calibrate, evaluate, excitement
from hypetrain.face import train as training
from hypetrain.face.augment import augment
from hypetrain.face.train import Pass, Plan, Run, train
from hypetrain.labels import BASIC


def archive(folder: Path, count: int = 120) -> Path:
    """A generated ``npz`` with all three splits."""
    random = np.random.default_rng(0)
    path = folder / "faces.npz"
    np.savez(path, images=random.integers(0, 255, (count, 48, 48), dtype=np.uint8),
             labels=random.integers(0, 7, count), usage=np.arange(count) // (count // 3), label_names=np.array(BASIC))
    return path


class Interrupted(Exception):
    """Stands for a power cut after an epoch."""


class TrainingTests(unittest.TestCase):
    PLAN = Plan((Pass("24x1,32x1", settle=2, mixed=0.5), Pass("40x2", settle=1, calm=1)), batch=8)

    def run_to(self, folder: Path, source: Path, seed: int, resume: bool = False) -> list[dict]:
        with redirect_stdout(io.StringIO()) as printed:
            train(source, folder, self.PLAN, runtime.prepare(seed, 1), resume)
        return [json.loads(line) for line in printed.getvalue().splitlines()]

    def test_a_run_cut_short_and_resumed_ends_like_one_that_was_not(self):
        with tempfile.TemporaryDirectory() as scratch:
            source, whole, cut = archive(Path(scratch)), Path(scratch) / "whole", Path(scratch) / "cut"
            lines = self.run_to(whole, source, 1)
            self.assertEqual([(line["pass"], line["side"]) for line in lines], [(1, 24), (1, 32), (2, 40), (2, 40)])
            self.assertIn("public", lines[-1])
            expected = torch.load(whole / "last.pt", weights_only=True)["state"]
            save = Run.save
            for place, left in (((0, 1), 3), ((0, 2), 2), ((1, 1), 1)):

                def saving(run: Run, path: Path, public: float | None) -> None:
                    save(run, path, public)
                    if (run.number, run.epoch) == place:
                        raise Interrupted

                with mock.patch.object(training.Run, "save", saving), self.assertRaises(Interrupted):
                    self.run_to(cut, source, 1)
                self.assertEqual(len(self.run_to(cut, source, 99, resume=True)), left)
                state = torch.load(cut / "last.pt", weights_only=True)["state"]
                for key, value in expected.items():
                    torch.testing.assert_close(state[key], value, atol=0, rtol=0, msg=f"{key} after {place}")

    def test_a_plan_survives_the_sidecar(self):
        self.assertEqual(Plan.read(json.loads(json.dumps(asdict(self.PLAN)))), self.PLAN)

    def test_fewer_pictures_than_a_batch_are_refused(self):
        with tempfile.TemporaryDirectory() as scratch, self.assertRaisesRegex(ValueError, "smaller batch"):
            train(archive(Path(scratch), 12), Path(scratch) / "run", self.PLAN, runtime.prepare(1, 1))

    def test_views_have_the_side_of_their_stage(self):
        generator = torch.Generator().manual_seed(2)
        for side in (24, 32, 40):
            view = augment(torch.rand(8, 1, 48, 48) * 255, 40, generator, side=side)
            self.assertEqual(view.shape, (8, 1, side, side))
            self.assertTrue(0 <= float(view.min()) and float(view.max()) <= 255)


class CalibrationTests(unittest.TestCase):
    def made(self, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logits three times too large whose classes are as frequent as ``offsets`` say."""
        random = np.random.default_rng(2)
        logits = random.standard_normal((4000, 7)) * 1.5
        labels = np.array([random.choice(7, p=p) for p in metrics.softmax(logits + offsets)])
        return logits * 3, labels

    def test_offsets_are_found_where_they_help_and_left_out_where_they_do_not(self):
        skewed = np.array([0.8, -0.8, 0, 0, 0, 0.4, -0.4])
        calibration, figures = calibrate.fit(*self.made(skewed))
        self.assertEqual(figures["chosen"], "temperature and offsets")
        self.assertAlmostEqual(calibration.temperature, 3, delta=0.3)
        np.testing.assert_allclose(calibration.offsets, skewed, atol=0.2)
        logits, labels = self.made(skewed)
        self.assertLess(metrics.ece(metrics.softmax(calibration(logits)), labels), 0.03)
        self.assertEqual(calibrate.fit_temperature(logits, labels).offsets.tolist(), [0] * 7)

    def test_the_area_counts_pairs_and_ties_by_half(self):
        self.assertEqual(excitement.area(np.array([0.0, 0.5]), np.array([0.5, 1.0])), 0.875)

    def test_excited_classes_alarm_and_calm_ones_do_not(self):
        labels = np.arange(7).repeat(2)
        figures = excitement.separation(np.eye(7)[labels], labels)
        alarms = {row["class"]: row["alarms"] for row in figures["classes"]}
        self.assertEqual({name for name, share in alarms.items() if share == 1}, set(excitement.EXCITED))
        self.assertEqual(figures["area"], 1)

    def test_the_excitement_is_that_of_the_product(self):
        source = Path(__file__).parents[2] / "Sources/HypeEmotion/Face/FaceExcitement.swift"
        text = source.read_text()
        weights = ", ".join(f"{value:g}" for value in excitement.WEIGHTS)
        self.assertIn(f"weights: [Float] = [{weights}]", text)
        self.assertIn(f"lowestThreshold = {excitement.THRESHOLD}\n", text)

    def test_every_degradation_changes_pictures_and_keeps_their_shape(self):
        images = (np.random.default_rng(1).random((6, 48, 48)) * 255).astype(np.uint8)
        seen = []

        def predict(changed: np.ndarray) -> np.ndarray:
            self.assertEqual((changed.shape, changed.dtype), (images.shape, np.dtype(np.uint8)))
            seen.append(changed)
            return np.eye(7)[np.zeros(len(changed), int)]

        rows = evaluate.robustness(predict, images, np.zeros(6, int))
        self.assertEqual([row["accuracy"] for row in rows], [1.0] * len(rows))
        np.testing.assert_array_equal(seen[0], images)
        for row, changed in zip(rows[1:], seen[1:]):
            self.assertFalse(np.array_equal(changed, images), row["name"])


if __name__ == "__main__":
    unittest.main()
