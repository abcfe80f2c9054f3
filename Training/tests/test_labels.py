"""Labels, splits and the manifest's file names. Needs no data."""

import re
import unittest
from pathlib import Path

import numpy as np

from hypetrain import labels
from hypetrain.voice.data import HELD_OUT, Clip, complete, intensity, sampling, split_of

SWIFT = Path(__file__).parents[2] / "Sources/HypeCore/Emotion.swift"


def clip(corpus: str, speaker: str, label: int = 0) -> Clip:
    return Clip(np.zeros(1), 0, 1, corpus, speaker, "female", label, 0.5)


class LabelTests(unittest.TestCase):
    def test_order_and_synonyms_are_those_of_the_swift_sources(self):
        source = SWIFT.read_text()
        self.assertEqual(re.search(r"case (angry, .*)", source)[1].split(", "), list(labels.EMOTIONS))
        for names, emotion in re.findall(r'case ((?:"[^"]+",? ?)+): self = \.(\w+)', source):
            for name in re.findall(r'"([^"]+)"', names):
                self.assertEqual(labels.emotion_index(name), labels.EMOTIONS.index(emotion), name)

    def test_a_foreign_label_is_no_class_but_has_an_arousal(self):
        self.assertIsNone(labels.emotion_index("boredom"))
        self.assertLess(labels.arousal_target("boredom"), labels.arousal_target("neutral"))

    def test_strength_moves_the_arousal(self):
        weak, strong = labels.arousal_target("fearful", -1), labels.arousal_target("fearful", 1)
        self.assertLess(weak, labels.arousal_target("fear"))
        self.assertGreater(strong, labels.arousal_target("fear"))
        self.assertEqual(labels.arousal_target("calm", 1), labels.arousal_target("calm", -1))

    def test_strength_is_read_from_file_names(self):
        self.assertEqual(intensity("ravdess", "ravdess/03-01-05-02-01-01-07.opus"), 1)
        self.assertEqual(intensity("ravdess", "ravdess/03-01-05-01-01-01-07.opus"), -1)
        self.assertEqual(intensity("crema-d", "1001_IEO_HAP_HI.wav"), 1)
        self.assertEqual(intensity("crema-d", "1001_TIE_HAP_XX.wav"), 0)

    def test_no_speaker_is_in_two_splits(self):
        for corpus, splits in HELD_OUT.items():
            self.assertFalse(set(splits["validation"]) & set(splits["test"]), corpus)

    def test_the_single_voice_of_tess_only_trains(self):
        self.assertEqual(split_of(clip("tess", "tess-YAF")), "train")

    def test_every_actor_is_tested_in_exactly_one_fold(self):
        for actor in range(1, 25):
            tested = [f for f in range(5) if split_of(clip("ravdess", f"ravdess-{actor:02}"), f) == "test"]
            self.assertEqual(len(tested), 1, actor)

    def test_sampling_evens_out_labels_within_a_corpus(self):
        clips = [clip("ravdess", "ravdess-01", 0)] * 9 + [clip("ravdess", "ravdess-01", 3)]
        chances, shares = sampling(clips, 0.01)
        self.assertAlmostEqual(chances[:9].sum(), 0.5)
        self.assertAlmostEqual(shares["ravdess"][3], 0.5)
        self.assertAlmostEqual(shares["ravdess"][4], 0.01)
        self.assertEqual(sampling(clips, 0.0)[1]["ravdess"][4], 0)

    def test_a_corpus_of_two_emotions_is_not_complete(self):
        whole = [clip("emodb", "emodb-03", label) for label in (0, 1, 2, 3, 4, 6)]
        part = [clip("crema-d", "crema-1001", label) for label in (3, 4)]
        self.assertEqual(complete(whole + part), {"emodb"})
        self.assertEqual(complete(part), {"crema-d"})


if __name__ == "__main__":
    unittest.main()
