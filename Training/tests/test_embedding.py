"""The embedding is what the last linear layer reads, and nothing else changes. Needs no data."""

import json
import tempfile
import unittest
from pathlib import Path

from hypetrain import runtime

import numpy as np
import onnx
import onnxruntime
import torch

from hypetrain import embedding, onnxfile
from hypetrain.face.net import DeployedFace, FaceNet
from hypetrain.logmel import BANDS, FRAMES
from hypetrain.voice.net import DeployedVoice, VoiceNet, example


def saved(folder: str, kind: str) -> tuple[torch.nn.Module, Path]:
    runtime.prepare(5, 1)
    path = Path(folder) / f"{kind}.onnx"
    if kind == "face":
        net, first, name = DeployedFace(FaceNet(), 1.3), torch.zeros(1, 1, 48, 48), "face"
        shape, outputs = ["n", 1, 48, 48], {"logits": ["n", 7]}
    else:
        net, first, name = DeployedVoice(VoiceNet(), 1.3), example(), "mel"
        shape, outputs = ["n", 1, BANDS, FRAMES], {"logits": ["n", 8], "arousal": ["n", 1]}
    onnxfile.save(net.eval(), first, path, name, list(outputs), {
        "name": kind, "version": "1", "input": {"name": name, "shape": shape}, "outputs": outputs})
    return net.net, path


def run(path: Path, batch: np.ndarray, *names: str) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(list(names), {session.get_inputs()[0].name: batch})


class EmbeddingTests(unittest.TestCase):
    def test_the_last_layer_makes_the_same_logits_of_it(self):
        for kind, shape, width in (("face", (3, 1, 48, 48), 160), ("voice", (3, 1, BANDS, FRAMES), 384)):
            with self.subTest(kind), tempfile.TemporaryDirectory() as folder:
                net, path = saved(folder, kind)
                batch = np.random.default_rng(1).random(shape, np.float32) * 40
                before = run(path, batch, "logits")[0]
                embedding.upgrade(path, "2")
                logits, vectors = run(path, batch, "logits", "embedding")
                self.assertEqual(before.tobytes(), logits.tobytes())
                self.assertEqual(vectors.shape, (3, width))
                last = net.head[1] if kind == "face" else net.emotion
                with torch.no_grad():
                    again = last(torch.from_numpy(vectors)).numpy() / 1.3
                np.testing.assert_allclose(again, logits, atol=1e-4)

    def test_the_sidecar_says_what_the_file_is(self):
        with tempfile.TemporaryDirectory() as folder:
            _, path = saved(folder, "face")
            embedding.upgrade(path, "2")
            sidecar = json.loads(path.with_suffix(".json").read_text())
            self.assertEqual((sidecar["version"], sidecar["outputs"]["embedding"]), ("2", ["n", 160]))
            self.assertEqual(sidecar["bytes"], path.stat().st_size)
            self.assertEqual(sorted(p.name for p in Path(folder).iterdir()), ["face.json", "face.onnx"])
            with self.assertRaises(ValueError):
                embedding.upgrade(path, "3")

    def test_a_graph_without_a_linear_layer_is_refused(self):
        ports = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 2]) for name in ("x", "logits")]
        graph = onnx.helper.make_graph([onnx.helper.make_node("Relu", ["x"], ["logits"])], "g", ports[:1], ports[1:])
        with self.assertRaises(ValueError):
            embedding.expose(onnx.helper.make_model(graph))


if __name__ == "__main__":
    unittest.main()
