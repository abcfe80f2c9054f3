"""Tests of the scorer: run with `python3 -m unittest discover Scripts/scenarios`."""

from __future__ import annotations

import unittest

from score import score, summary

TRUTH = {
    "name": "sample",
    "duration": 120.0,
    "containerStart": 3600.0,
    "moments": [
        {"start": 40.0, "end": 50.0, "kinds": ["chat", "voice"], "label": "first"},
        {"start": 80.0, "end": 90.0, "kinds": ["voice", "face"], "label": "second"},
    ],
    "decoys": [{"start": 60.0, "end": 70.0, "type": "gift-storm", "kinds": ["chat"]}],
}


def clips(*spans: tuple[float, float]) -> dict:
    """A result with clips."""
    return {"clips": [{"start": start, "end": end} for start, end in spans]}


class ScoreTests(unittest.TestCase):
    """What counts as found, covered and false."""

    def test_clips_around_the_moments_meet_every_target(self) -> None:
        """Pre-roll and post-roll do no harm."""
        entry = score(TRUTH, clips((30, 53), (70.2, 93)), "recording")
        self.assertEqual((entry.found, entry.coverage, entry.false_clips), (2, [1.0, 1.0], []))
        self.assertTrue(all(summary([entry])["targets"].values()))

    def test_one_clip_may_cover_two_moments(self) -> None:
        """Moments that merge are both found."""
        self.assertEqual(score(TRUTH, clips((30, 95)), "recording").found, 2)

    def test_half_a_moment_is_found_but_not_covered(self) -> None:
        """Coverage is of the best clip, not of all clips together."""
        entry = score(TRUTH, clips((30, 45), (45, 47), (70.2, 93)), "recording")
        self.assertEqual((entry.found, entry.coverage), (2, [0.5, 1.0]))
        self.assertFalse(summary([entry])["targets"]["coverage"])

    def test_a_missed_moment_is_named(self) -> None:
        """The list says which one, and what should have shown it."""
        entry = score(TRUTH, clips((30, 53)), "recording")
        self.assertEqual(entry.missed, ["80-90 s (voice+face: second)"])
        self.assertFalse(summary([entry])["targets"]["recall"])

    def test_a_clip_on_a_decoy_is_false(self) -> None:
        """A single one misses the target."""
        entry = score(TRUTH, clips((30, 53), (58, 69), (75, 93)), "recording")
        self.assertEqual(entry.decoy_clips, ["58-69 s (gift-storm)"])
        self.assertFalse(summary([entry])["targets"]["noClipOnDecoys"])

    def test_a_clip_on_nothing_is_false_but_on_no_decoy(self) -> None:
        """Both kinds of false clips are told apart."""
        entry = score(TRUTH, clips((5, 15)), "recording")
        self.assertEqual((entry.false_clips, entry.decoy_clips), (["5-15 s"], []))

    def test_the_clock_of_the_container_is_taken_off(self) -> None:
        """Time stamps that begin at an hour."""
        self.assertEqual(score(TRUTH, clips((3630, 3653), (3670.2, 3693)), "pts").found, 2)


if __name__ == "__main__":
    unittest.main()
