"""Training the face network on tiny generated data: resuming, stages. Needs no data."""

import io
import json
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

from hypetrain import runtime

import numpy as np
import torch

from hypetrain.face import train as training
from hypetrain.face.augment import augment
from hypetrain.face.train import Plan, Run, train
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
    PLAN = Plan(stages="24x1,32x1,40x1", settle=2, calm=1, batch=8, mixed=0.5)

    def run_to(self, folder: Path, source: Path, seed: int, resume: bool = False) -> list[dict]:
        with redirect_stdout(io.StringIO()) as printed:
            train(source, folder, self.PLAN, runtime.prepare(seed, 1), resume)
        return [json.loads(line) for line in printed.getvalue().splitlines()]

    def test_a_run_cut_short_and_resumed_ends_like_one_that_was_not(self):
        with tempfile.TemporaryDirectory() as scratch:
            source, whole, cut = archive(Path(scratch)), Path(scratch) / "whole", Path(scratch) / "cut"
            lines = self.run_to(whole, source, 1)
            self.assertEqual([line["side"] for line in lines], [24, 32, 40])
            self.assertIn("public", lines[-1])
            save = Run.save

            def saving(run: Run, path: Path, public: float | None) -> None:
                save(run, path, public)
                if run.epoch == 2:
                    raise Interrupted

            with mock.patch.object(training.Run, "save", saving), self.assertRaises(Interrupted):
                self.run_to(cut, source, 1)
            self.assertEqual(len(self.run_to(cut, source, 99, resume=True)), 1)
            first, second = (torch.load(folder / "last.pt", weights_only=True)["state"] for folder in (whole, cut))
            for key, value in first.items():
                torch.testing.assert_close(second[key], value, atol=0, rtol=0, msg=key)

    def test_fewer_pictures_than_a_batch_are_refused(self):
        with tempfile.TemporaryDirectory() as scratch, self.assertRaisesRegex(ValueError, "smaller --batch"):
            train(archive(Path(scratch), 12), Path(scratch) / "run", self.PLAN, runtime.prepare(1, 1))

    def test_views_have_the_side_of_their_stage(self):
        generator = torch.Generator().manual_seed(2)
        for side in (24, 32, 40):
            view = augment(torch.rand(8, 1, 48, 48) * 255, 40, generator, side=side)
            self.assertEqual(view.shape, (8, 1, side, side))
            self.assertTrue(0 <= float(view.min()) and float(view.max()) <= 255)


if __name__ == "__main__":
    unittest.main()
