"""The fusion on made-up branches whose truth is known. Needs no data."""

import json
import tempfile
import unittest
from pathlib import Path

from hypetrain import runtime

import numpy as np
import onnx
import torch

from hypetrain import metrics
from hypetrain.fusion import branches, early, export, late, measure, pairs
from hypetrain.fusion.branches import Branch
from hypetrain.voice.net import VoiceNet

CLASSES = 7
PLAN = early.Plan(hidden=16, epochs=10, batch=64, rate=1e-2, dropout=0.1)


def branch(count: int, width: int, people: int, seed: int, noise: float = 1.6) -> Branch:
    """Embeddings around one place for each class, and the probabilities that are right for them."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % CLASSES
    places = np.random.default_rng(width).normal(size=(CLASSES, width))
    embedding = places[labels] + noise * generator.normal(size=(count, width))
    distance = np.square(embedding[:, None] - places[None]).sum(2)
    scores = metrics.softmax(-distance / (2 * noise * noise))
    return Branch(scores, embedding.astype(np.float32), labels, generator.integers(0, people, count))


def setUpModule() -> None:
    runtime.prepare(5, 1)


class PairTests(unittest.TestCase):
    def test_both_sides_have_the_label_and_every_speaker_speaks(self):
        faces, voices = branch(140, 4, 1, 1), branch(210, 4, 6, 2)
        drawn = pairs.draw(faces, voices, 3, np.random.default_rng(1))
        self.assertEqual(len(drawn.labels), 420)
        np.testing.assert_array_equal(faces.labels[drawn.face], voices.labels[drawn.voice])
        np.testing.assert_array_equal(np.bincount(drawn.face), 3)
        counts = np.bincount(voices.people[drawn.voice])
        self.assertGreater(counts.min(), 30)

    def test_faces_without_a_voice_are_left_out(self):
        faces, voices = branch(70, 4, 1, 1), branch(70, 4, 2, 2)
        voices = voices.only(voices.labels != 5)
        drawn = pairs.draw(faces, voices, 1, np.random.default_rng(1))
        self.assertEqual(len(drawn.labels), 60)
        self.assertNotIn(5, drawn.labels)


class OriginTests(unittest.TestCase):
    def test_an_exported_network_is_told_from_a_later_state_of_the_same_run(self):
        net = VoiceNet()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "voice.onnx"
            tensors = [onnx.numpy_helper.from_array(value.detach().numpy().copy(), f"net.emotion.{name}")
                       for name, value in net.emotion.named_parameters()]
            onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], tensors)), str(path))
            self.assertTrue(branches.exported_from(path, net))
            with torch.no_grad():
                net.emotion.bias[3] += 1e-3
            self.assertFalse(branches.exported_from(path, net))


class LateTests(unittest.TestCase):
    def setUp(self):
        self.faces, self.voices = branch(2100, 3, 1, 3), branch(2100, 5, 9, 4)
        self.drawn = pairs.draw(self.faces, self.voices, 2, np.random.default_rng(5))
        self.face, self.voice = self.drawn.scores(self.faces, self.voices)

    def test_independent_branches_are_multiplied(self):
        pool = late.fit_pool(self.face, self.voice, self.drawn.labels)
        self.assertAlmostEqual(pool.share, 0.5, delta=0.08)
        self.assertAlmostEqual(pool.temperature, 0.5, delta=0.08)
        probabilities = metrics.softmax(pool.logits(self.face, self.voice))
        self.assertLess(metrics.ece(probabilities, self.drawn.labels), 0.03)

    def test_the_pool_that_ships_is_no_surer_than_its_branches(self):
        pools = late.fit(self.faces, self.voices, self.drawn, (0.3, 0.4)).pools
        self.assertAlmostEqual(pools[late.BOTH].temperature, 1)
        self.assertGreaterEqual(pools[late.BOTH].threshold, 0.3)
        found = metrics.softmax(pools[late.BOTH].logits(self.face, self.voice)).max(1).mean()
        self.assertLess(found, max(self.face.max(1).mean(), self.voice.max(1).mean()) + 0.05)
        free = late.fit(self.faces, self.voices, self.drawn, (0.3, 0.4), coolest=0.0).pools
        self.assertLess(free[late.BOTH].temperature, 0.6)

    def test_a_copy_of_a_branch_adds_nothing(self):
        pool = late.fit_pool(self.faces.scores, self.faces.scores, self.faces.labels)
        self.assertAlmostEqual(pool.temperature, 1, delta=0.1)

    def test_a_useless_branch_gets_no_weight(self):
        flat = np.full_like(self.voice, 1 / CLASSES)
        wild = metrics.softmax(np.random.default_rng(1).normal(size=flat.shape))
        self.assertGreater(late.fit_pool(self.face, wild, self.drawn.labels).share, 0.9)

    def test_alone_a_calibrated_branch_stays_as_it_is(self):
        pool = late.fit_pool(None, self.voices.scores, self.voices.labels)
        self.assertEqual(pool.share, 0)
        found = metrics.softmax(pool.logits(None, self.voices.scores))
        self.assertLess(np.abs(found - self.voices.scores).max(), 0.06)

    def test_missing_and_unsure_branches_drop_out(self):
        judge = late.fit(self.faces, self.voices, self.drawn, (0.6, 0.6))
        answers = {way: metrics.softmax(pool.logits(self.face, self.voice)) for way, pool in judge.pools.items()}
        chosen = judge.ways(self.face, self.voice)
        self.assertEqual(set(chosen), {late.BOTH, late.FACE, late.VOICE})
        found, thresholds = judge(self.face, self.voice)
        for way, expected in answers.items():
            np.testing.assert_allclose(found[chosen == way], expected[chosen == way])
            self.assertEqual(set(thresholds[chosen == way]), {judge.pools[way].threshold})
        unsure = (self.face.max(1) < 0.6) & (self.voice.max(1) < 0.6)
        self.assertTrue((chosen[unsure] == late.BOTH).all())
        np.testing.assert_allclose(judge(self.face, None)[0], answers[late.FACE])
        np.testing.assert_allclose(judge(None, self.voice)[0], answers[late.VOICE])
        np.testing.assert_allclose(found.sum(1), 1)

    def test_the_document_holds_the_pool(self):
        pool = late.fit_pool(self.face, self.voice, self.drawn.labels)
        again = late.Pool.of(json.loads(json.dumps(pool.document())))
        difference = metrics.softmax(again.logits(self.face, self.voice)) - metrics.softmax(pool.logits(self.face, self.voice))
        self.assertLess(np.abs(difference).max(), 1e-3)


class EarlyTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        runtime.prepare(5, 1)
        cls.faces, cls.voices = branch(1400, 6, 1, 6), branch(1400, 8, 12, 7)
        cls.found = early.fit(cls.faces, cls.voices, CLASSES, (0.3, 0.3), PLAN, parts=2)

    def test_both_are_better_than_each_and_each_alone_is_survivable(self):
        faces, voices = branch(700, 6, 1, 8), branch(700, 8, 3, 9)
        drawn = pairs.draw(faces, voices, 1, np.random.default_rng(2))
        sides = faces.only(drawn.face), voices.only(drawn.voice)
        right = {name: float((self.found(*given)[0].argmax(1) == drawn.labels).mean())
                 for name, given in (("both", sides), ("face", (sides[0], None)), ("voice", (None, sides[1])))}
        self.assertGreater(right["both"], max(right["face"], right["voice"]) + 0.05)
        self.assertGreater(min(right.values()), 3 / CLASSES)

    def test_what_a_missing_side_holds_does_not_matter(self):
        head = self.found.head
        rows = torch.from_numpy(self.faces.embedding[:5])
        present = torch.tensor([[1.0, 0.0]]).expand(5, 2)
        with torch.no_grad():
            answers = [head(rows, fill, present) for fill in (torch.zeros(5, 8), torch.full((5, 8), 1e6))]
        torch.testing.assert_close(*answers)

    def test_the_exported_head_answers_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            path = export.save(self.found.head, Path(folder), {"name": "fusion"})
            for engine, difference in export.agreement(self.found.head, path).items():
                self.assertLess(difference, 1e-4, engine)
            document = json.loads((Path(folder) / "fusion.json").read_text())
            self.assertEqual((document["file"], document["bytes"]), ("fusion-early.onnx", path.stat().st_size))

    def test_the_same_seed_gives_the_same_head(self):
        first, second = (early.train(self.faces, self.voices, CLASSES, PLAN) for _ in range(2))
        for a, b in zip(first.parameters(), second.parameters()):
            torch.testing.assert_close(a, b, rtol=0, atol=0)


class MeasureTests(unittest.TestCase):
    def test_a_translation_finds_an_affine_map(self):
        generator = np.random.default_rng(3)
        source = generator.normal(size=(400, 5))
        target = source @ generator.normal(size=(5, 5)) + generator.normal(size=5)
        table = branches.translation(source[:300], target[:300])
        error = np.square(branches.translate(source[300:], table) - target[300:]).mean() / target.var()
        self.assertLess(error, 0.02)

    def test_calm_counts_as_neutral(self):
        probabilities = np.array([[0.1, 0, 0, 0.2, 0, 0, 0.3, 0.4]])
        np.testing.assert_allclose(branches.basic(probabilities), [[0.1, 0, 0, 0.2, 0, 0, 0.7]])

    def test_few_speakers_make_wide_intervals(self):
        generator = np.random.default_rng(4)
        labels, faces = np.tile(np.arange(4), 300), np.arange(1200)
        few, many = np.arange(1200) // 300, np.arange(1200) // 10
        hit = generator.random(1200) < np.array([0.3, 0.5, 0.7, 0.9])[few]
        wide = measure.Bootstrap(labels, faces, few).accuracy(hit)
        narrow = measure.Bootstrap(labels, faces, many).accuracy(generator.permutation(hit))
        self.assertGreater(wide["high"] - wide["low"], 3 * (narrow["high"] - narrow["low"]))
        self.assertTrue(wide["low"] <= wide["value"] == hit.mean() <= wide["high"])
        certain = measure.Bootstrap(labels, faces, few).uar(np.ones(1200, bool))
        self.assertEqual((certain["low"], certain["high"]), (1, 1))


if __name__ == "__main__":
    unittest.main()
