"""A corpus that lacks emotions says nothing about them. Needs no data."""

import unittest

import numpy as np
import torch

from hypetrain.voice.train import NEVER, loss_of

CLASSES, PART = 8, (3, 4)


def gradient(floor: float, label: int) -> np.ndarray:
    """Of the loss of one clip of a corpus with two emotions, by the logits."""
    shares = torch.tensor([[0.5 if k in PART else floor for k in range(CLASSES)]])
    logits = torch.randn(1, CLASSES, generator=torch.Generator().manual_seed(3), requires_grad=True)
    targets = torch.zeros(1, CLASSES)
    targets[0, label] = 1
    loss_of(logits, torch.zeros(1), targets, torch.tensor([0.5]), shares.clamp_min(NEVER).log(), 1.0).backward()
    return logits.grad[0].numpy()


class ChoiceTests(unittest.TestCase):
    def test_without_a_floor_the_others_are_left_alone(self):
        found = gradient(0.0, 3)
        others = [k for k in range(CLASSES) if k not in PART]
        np.testing.assert_allclose(found[others], 0, atol=1e-6)
        self.assertLess(found[3], -0.1)
        self.assertAlmostEqual(float(found.sum()), 0, places=5)

    def test_with_a_floor_they_are_forbidden(self):
        found = gradient(0.04, 3)
        self.assertTrue(all(found[k] > 1e-3 for k in range(CLASSES) if k not in PART))


if __name__ == "__main__":
    unittest.main()
