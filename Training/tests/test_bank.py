"""The bank of augmented windows, what training draws from it, and that a run can stop and go on."""

import contextlib
import io
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

from hypetrain import runtime

import numpy as np
import torch

from hypetrain.voice import bank
from hypetrain.voice.data import FOLDS, Clip, split_of
from hypetrain.voice.train import Batches, Plan, train

VARIANTS = {"ravdess": 2, "crema-d": 2, "emodb": 2}


def clips() -> list[Clip]:
    random = np.random.default_rng(4)
    made = []
    for corpus, speakers in (("ravdess", ("01", "19", "20", "21", "24")), ("crema-d", ("1001", "1054", "1062")),
                             ("emodb", ("03", "14", "15"))):
        for speaker in speakers:
            for label in (3, 4):
                sound = random.standard_normal(24_000).astype(np.float32) * 0.1
                made.append(Clip(sound, 2_000, 22_000, corpus, f"{corpus}-{speaker}", "male", label, 0.5))
    return made


class BankTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        runtime.prepare(1, 1)
        cls.folder = tempfile.TemporaryDirectory()
        cls.clips = clips()
        cls.bank = bank.make(cls.clips, Path(cls.folder.name) / "a", variants=VARIANTS, empty=4, batch=16)
        cls.banks = cls.bank, bank.make(cls.clips, Path(cls.folder.name) / "p", 2, VARIANTS, empty=0, clean=1.0)

    @classmethod
    def tearDownClass(cls):
        del cls.bank, cls.banks
        cls.folder.cleanup()

    def test_the_same_seed_makes_the_same_bank(self):
        other = bank.make(self.clips, Path(self.folder.name) / "b", variants=VARIANTS, empty=4, batch=16)
        np.testing.assert_array_equal(other.owner, self.bank.owner)
        np.testing.assert_array_equal(other.mel, self.bank.mel)
        self.assertTrue(np.isfinite(np.asarray(self.bank.mel, np.float32)).all())

    def test_the_second_bank_holds_the_voices_without_a_stream(self):
        again = bank.make(self.clips, Path(self.folder.name) / "q", 2, VARIANTS, empty=0, clean=1.0)
        np.testing.assert_array_equal(again.mel, self.banks[1].mel)
        self.assertTrue((self.banks[1].owner >= 0).all())

    def test_a_bank_of_the_same_clips_is_kept_and_one_of_others_made_anew(self):
        place = Path(self.folder.name) / "c"
        bank.make(self.clips, place, variants=VARIANTS, empty=4)
        written = (place / "mel.npy").stat().st_mtime_ns
        bank.make(self.clips, place, variants=VARIANTS, empty=4)
        self.assertEqual((place / "mel.npy").stat().st_mtime_ns, written)
        self.assertEqual(len(bank.make(self.clips[:3], place, variants=VARIANTS, empty=4).owner), 10)

    def test_each_clip_owns_its_rows(self):
        rows = self.bank.rows(list(range(len(self.clips))))
        self.assertEqual(sum(len(r) for r in rows) + 4, len(self.bank.owner))
        for index, mine in enumerate(rows):
            self.assertTrue((self.bank.owner[mine] == index).all() and len(mine) == 2)

    def test_no_held_out_speaker_is_ever_drawn(self):
        for plan in [Plan(), Plan(without="crema-d"), *(Plan(fold=fold) for fold in range(len(FOLDS)))]:
            batches = Batches(self.clips, self.banks, plan)
            drawn = set(self.bank.owner[np.concatenate(batches.rows)])
            self.assertEqual(drawn, set(self.banks[1].owner[np.concatenate(batches.pure_rows)]))
            for index in range(len(self.clips)):
                self.assertEqual(index in drawn, plan.split_of(self.clips[index]) == "train", (plan, index))
            self.assertTrue((self.bank.owner[batches.empty] == -1).all())

    def test_without_a_corpus_all_of_it_tests(self):
        for clip in self.clips:
            self.assertEqual(split_of(clip, without=clip.corpus), "test")

    def test_a_batch_depends_on_its_number_only(self):
        plan = Plan(batch=8, clean=0.5)
        first = Batches(self.clips, self.banks, plan)
        first.draw(0, 100)
        for a, b in zip(first.draw(5, 100), Batches(self.clips, self.banks, plan).draw(5, 100)):
            torch.testing.assert_close(a, b, equal_nan=True, rtol=0, atol=0)
        self.assertEqual(first.draw(1, 100)[0].shape, (8, 1, 80, 100))

    def test_a_run_that_was_cut_short_ends_like_one_that_was_not(self):
        plan = Plan(epochs=6, windows=16, batch=8, short=0.5, frames=64)
        whole, cut = Path(self.folder.name) / "whole", Path(self.folder.name) / "cut"

        class Stop(Exception):
            pass

        class Cut(io.StringIO):
            def write(self, text):
                if '"epoch": 5' in text:
                    raise Stop
                return len(text)

        def go(folder, out):
            runtime.prepare(plan.seed, 1)
            with contextlib.redirect_stdout(out):
                train(self.clips, self.banks, folder, plan, torch.device("cpu"))

        go(whole, io.StringIO())
        with self.assertRaises(Stop):
            go(cut, Cut())
        with self.assertRaises(ValueError):
            train(self.clips, self.banks, cut, replace(plan, rate=1e-4), torch.device("cpu"))
        go(cut, io.StringIO())
        a, b = (torch.load(folder / "last.pt", weights_only=True)["state"] for folder in (whole, cut))
        for key in a:
            torch.testing.assert_close(a[key], b[key], msg=key)


if __name__ == "__main__":
    unittest.main()
