"""The networks keep their contract from PyTorch to ONNX, untrained. Needs no data."""

import json
import tempfile
import unittest
from pathlib import Path

from hypetrain import runtime

import numpy as np
import onnx
import torch

from hypetrain import metrics, onnxfile
from hypetrain.face.augment import augment
from hypetrain.face.net import DeployedFace, FaceNet
from hypetrain.face.train import predict
from hypetrain.logmel import BANDS, FRAMES, WINDOW
from hypetrain.voice import synth
from hypetrain.voice.augment import Stream, window
from hypetrain.voice.data import Clip
from hypetrain.voice.evaluate import windows
from hypetrain.voice.net import DeployedVoice, VoiceNet, example


def untrained(kind: str) -> torch.nn.Module:
    runtime.prepare(5, 1)
    return (DeployedFace(FaceNet(), 1.3) if kind == "face" else DeployedVoice(VoiceNet(), 1.3)).eval()


class NetworkTests(unittest.TestCase):
    def test_an_exported_net_computes_what_the_trained_one_does(self):
        for kind, shape in (("face", (3, 1, 48, 48)), ("voice", (3, 1, BANDS, FRAMES))):
            with self.subTest(kind), tempfile.TemporaryDirectory() as folder:
                net, path = untrained(kind), Path(folder) / "net.onnx"
                first = torch.zeros(1, 1, 48, 48) if kind == "face" else example()
                name, outputs = ("face", ["logits"]) if kind == "face" else ("mel", ["logits", "arousal"])
                onnxfile.save(net, first, path, name, outputs, {"name": kind, "labels": ["a", "b"]})
                batch = (np.random.default_rng(1).random(shape, np.float32) * 40).astype(np.float32)
                for engine, difference in onnxfile.agreement(net, path, batch).items():
                    self.assertLess(difference, 1e-4, engine)
                properties = {p.key: p.value for p in onnx.load(str(path)).metadata_props}
                self.assertEqual(json.loads(properties["labels"]), ["a", "b"])
                self.assertIn("sha256", json.loads(path.with_suffix(".json").read_text()))

    def test_the_graph_scales_like_the_training(self):
        net = untrained("face")
        images = np.random.default_rng(3).integers(0, 255, (4, 48, 48), dtype=np.uint8)
        for side in (38, 40, 48):
            deployed = DeployedFace(net.net, 1.3, side=side).eval()
            with torch.no_grad():
                found = deployed(torch.from_numpy(images).float()[:, None])
            expected = predict(net.net, images, torch.device("cpu"), side) / 1.3
            np.testing.assert_allclose(found.numpy(), expected, atol=1e-4)

    def test_networks_stay_small(self):
        for net in (FaceNet(), VoiceNet()):
            self.assertLess(sum(p.numel() for p in net.parameters()), 1_200_000)

    def test_the_face_answer_does_not_depend_on_side_or_light(self):
        net = untrained("face")
        face = torch.rand(2, 1, 48, 48) * 120 + 40
        with torch.no_grad():
            torch.testing.assert_close(net(face), net(face.flip(3)), atol=1e-5, rtol=0)
            torch.testing.assert_close(net(face), net(face * 0.7 + 20), atol=0.01, rtol=0)

    def test_the_voice_answer_does_not_depend_on_level(self):
        net = untrained("voice")
        mel = torch.randn(2, 1, BANDS, FRAMES) * 3 - 8
        with torch.no_grad():
            for a, b in zip(net(mel), net(mel + 4)):
                torch.testing.assert_close(a, b, atol=1e-4, rtol=0)
            self.assertTrue(all(torch.isfinite(t).all() for t in net(example())))


class AugmentationTests(unittest.TestCase):
    def test_faces_keep_shape_and_range(self):
        views = augment(torch.rand(8, 1, 48, 48) * 255, 40, torch.Generator().manual_seed(1))
        self.assertEqual(views.shape, (8, 1, 40, 40))
        self.assertTrue(0 <= float(views.min()) and float(views.max()) <= 255)

    def test_sounds_are_reproducible_and_of_unit_power(self):
        for kind in synth.KINDS:
            sound = synth.make(kind, 2.5, seed=4)
            self.assertAlmostEqual(float(np.sqrt(np.mean(sound ** 2))), 1.0, places=3, msg=kind)
            np.testing.assert_array_equal(sound, synth.make(kind, 2.5, seed=4))

    def test_streams_keep_shape_and_mix_at_the_ratio_asked_for(self):
        stream = Stream(synth.bank(1, seed=2, seconds=3), seed=2)
        voices = torch.randn(6, WINDOW) * 0.1
        changed = stream(voices)
        self.assertEqual(changed.shape, voices.shape)
        self.assertTrue(torch.isfinite(changed).all())
        sound = torch.randn(6, WINDOW)
        added = stream.mix(voices, sound, torch.full((6,), 10.0)) - voices
        ratio = 10 * torch.log10(voices.square().mean(1) / added.square().mean(1))
        torch.testing.assert_close(ratio, torch.full((6,), 10.0), atol=0.01, rtol=0)

    def test_windows_have_their_length_whatever_the_clip(self):
        random = np.random.default_rng(1)
        for count in (9_000, 32_000, 70_000):
            clip = Clip(random.standard_normal(count).astype(np.float32), count // 8, count - count // 8,
                        "x", "x-1", "male", 0, 0.5)
            for _ in range(20):
                self.assertEqual(window(clip, random).shape, (WINDOW,))
            self.assertEqual(windows(clip).shape[1], WINDOW)


class MetricTests(unittest.TestCase):
    def test_temperature_mends_overconfidence(self):
        random = np.random.default_rng(2)
        logits = random.standard_normal((4000, 5)) * 2
        labels = np.array([random.choice(5, p=p) for p in metrics.softmax(logits)])
        self.assertAlmostEqual(metrics.fit_temperature(logits * 3, labels), 3, delta=0.2)
        self.assertLess(metrics.ece(metrics.softmax(logits), labels), 0.03)

    def test_uar_counts_classes_and_war_counts_items(self):
        labels, answers = np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0])
        self.assertEqual(metrics.uar(labels, answers), 0.5)
        self.assertEqual(metrics.war(labels, answers), 0.75)

    def test_intervals_over_speakers_are_wider_than_over_clips_where_speakers_differ(self):
        labels, speakers = np.zeros(200, int), np.repeat(np.arange(10), 20)
        answers = (speakers % 2).astype(int)
        clips = metrics.bootstrap(metrics.war, labels, answers)
        people = metrics.bootstrap(metrics.war, labels, answers, speakers)
        self.assertGreater(people.high - people.low, 2 * (clips.high - clips.low))


if __name__ == "__main__":
    unittest.main()
