"""VideoMAE: checkpoints of both families to ONNX, equal to their references, and a head trained on made-up people."""

import contextlib
import importlib.util
import io
import json
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import hypetrain.runtime  # noqa: F401  before torch
import numpy as np
import torch
from PIL import Image

from hypetrain.videomae import __main__ as command
from hypetrain.videomae import bundle, clips, export, films, finetune, weights
from hypetrain.videomae.net import Shape, VideoMAE

HAS_TRANSFORMERS = importlib.util.find_spec("transformers") is not None
HAS_H5PY = importlib.util.find_spec("h5py") is not None
HAS_FFMPEG = bool(shutil.which("ffmpeg") and shutil.which("ffprobe"))
PORT = json.loads((Path(__file__).parent / "videomae_port.json").read_text())
"""What the port to Keras (innat/VideoMAE at 0f12db5, TensorFlow 2.12.1) wrote and answered for a tiny network."""


def config(**changes) -> dict:
    return {"hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 48, "num_frames": 4,
            "tubelet_size": 2, "image_size": 32, "patch_size": 16, "model_type": "videomae",
            "architectures": ["VideoMAEForVideoClassification"], "id2label": {str(i): f"class {i}" for i in range(5)}} | changes


def hugging_face_state(shape: Shape, seed: int = 3, legacy: bool = False) -> dict[str, torch.Tensor]:
    """Random weights under the names of ``VideoMAEForVideoClassification``; the hub's older files name biases otherwise."""
    random = torch.Generator().manual_seed(seed)

    def draw(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=random) * 0.2

    w, h = shape.width, shape.hidden
    root = "videomae.embeddings.patch_embeddings.projection."
    state = {root + "weight": draw(w, 3, shape.tubelet, shape.patch, shape.patch), root + "bias": draw(w)}
    for block in range(shape.depth):
        root = f"videomae.encoder.layer.{block}."
        sizes = {"attention.output.dense": (w, w), "intermediate.dense": (h, w), "output.dense": (w, h)}
        for name, size in sizes.items():
            state |= {f"{root}{name}.weight": draw(*size), f"{root}{name}.bias": draw(size[0])}
        for name in ("layernorm_before", "layernorm_after"):
            state |= {f"{root}{name}.weight": draw(w) + 1, f"{root}{name}.bias": draw(w)}
        inner = root + "attention.attention."
        state |= {f"{inner}{name}.weight": draw(w, w) for name in ("query", "key", "value")}
        for long, short in (("query", "q"), ("value", "v")):
            state[f"{inner}{short}_bias" if legacy else f"{inner}{long}.bias"] = draw(w)
    return state | {"fc_norm.weight": draw(w) + 1, "fc_norm.bias": draw(w), "classifier.weight": draw(shape.classes, w),
                    "classifier.bias": draw(shape.classes)}


SHAPE = Shape(24, 3, 4, 48, 5, 4, 2, 32, 16)


def video(shape: Shape = SHAPE, count: int = 2) -> torch.Tensor:
    return torch.randn(count, shape.frames, 3, shape.side, shape.side, generator=torch.Generator().manual_seed(9))


def hugging_face(folder: Path, *, legacy: bool = False, binary: bool = False, **changes) -> Path:
    """A checkpoint as it lies on the hub."""
    state = hugging_face_state(SHAPE, legacy=legacy)
    (folder / "config.json").write_text(json.dumps(config(**changes)))
    if binary:
        torch.save(state, folder / "pytorch_model.bin")
    else:
        from safetensors.torch import save_file

        save_file(state, folder / "model.safetensors")
    return folder


class TemporaryFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_command(self, *arguments: object) -> str:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            command.main([str(argument) for argument in arguments])
        return said.getvalue()


class HuggingFaceTests(TemporaryFolder):
    @unittest.skipUnless(HAS_TRANSFORMERS, "needs the package transformers, which is the reference here")
    def test_logits_are_those_of_the_library_on_random_weights(self):
        from transformers import VideoMAEConfig, VideoMAEForVideoClassification

        for labels, pooled in ((5, None), (7, {"problem_type": "single_label_classification"})):
            theirs = VideoMAEForVideoClassification(VideoMAEConfig(**config(
                id2label={i: f"class {i}" for i in range(labels)}, **(pooled or {})))).eval()
            with torch.no_grad():
                for parameter in theirs.parameters():
                    parameter.copy_(torch.randn(parameter.shape) * 0.2)
            theirs.save_pretrained(self.folder)
            checkpoint = weights.read(self.folder)
            self.assertEqual(checkpoint.labels, [f"class {i}" for i in range(labels)])
            path, _ = export.save(checkpoint, self.folder, "tiny", "1")
            with torch.no_grad():
                expected = theirs(video()).logits.numpy()
            for found in self.answers(path):
                self.assertLess(np.abs(found - expected).max(), 1e-4)
                self.assertGreater(np.abs(expected).max(), 0.05)

    def answers(self, path: Path) -> list[np.ndarray]:
        """Logits of both runtimes, the second one clip at a time."""
        import onnxruntime

        from hypetrain.onnxfile import compile_openvino

        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        batch = video().numpy()
        compiled = compile_openvino(path, [1, *batch.shape[1:]])
        return [session.run(["logits"], {"video": batch})[0], np.concatenate([compiled(clip[None])[0] for clip in batch])]

    def test_old_and_new_names_and_both_kinds_of_files_give_the_same_network(self):
        logits = []
        for legacy in (False, True):
            for binary in (False, True):
                folder = self.folder / f"{legacy}{binary}"
                folder.mkdir()
                with torch.no_grad():
                    logits.append(weights.read(hugging_face(folder, legacy=legacy, binary=binary)).net(video())[0])
        for other in logits[1:]:
            torch.testing.assert_close(other, logits[0], rtol=0, atol=0)

    def test_the_description_says_what_the_worker_needs(self):
        hugging_face(self.folder)
        (self.folder / "preprocessor_config.json").write_text(json.dumps({"image_mean": [0.4, 0.5, 0.6], "image_std": [0.1, 0.2, 0.3]}))
        self.run_command("export", self.folder, "--name", "tiny", "--out", self.folder / "out", "--version", "3")
        said = json.loads((self.folder / "out/tiny.json").read_text())
        self.assertEqual((said["name"], said["version"], said["head"], said["labels"][4]), ("tiny", "3", "actions", "class 4"))
        self.assertEqual((said["input"]["frames"], said["input"]["tubelet"], said["input"]["side"]), (4, 2, 32))
        self.assertEqual((said["input"]["mean"], said["input"]["std"]), ([0.4, 0.5, 0.6], [0.1, 0.2, 0.3]))
        content = (self.folder / "out/tiny.onnx").read_bytes()
        import hashlib

        self.assertEqual((said["bytes"], said["sha256"]), (len(content), hashlib.sha256(content).hexdigest()))

    def test_what_is_no_classifier_is_refused_with_the_reason(self):
        cases = {"model of type 'vit'": {"model_type": "vit"}, "mean pooling": {"use_mean_pooling": False},
                 "shape": {"intermediate_size": 40}, "no weight 'videomae.encoder.layer.3": {"num_hidden_layers": 4}}
        for reason, change in cases.items():
            with self.subTest(reason), self.assertRaisesRegex(weights.CheckpointError, reason):
                weights.read(hugging_face(self.folder, **change))
        with self.assertRaisesRegex(weights.CheckpointError, "config.json beside"):
            weights.read(self.folder / "nothing")
        hugging_face(self.folder, id2label={})
        with self.assertRaisesRegex(SystemExit, "--labels"):
            self.run_command("export", self.folder, "--name", "tiny", "--out", self.folder)


class PortTests(TemporaryFolder):
    """Files named as the port names them; the numbers it gave were written down when it ran."""

    def arrays(self) -> list[np.ndarray]:
        random = np.random.RandomState(5)
        return [(random.randn(*shape) * 0.2).astype(np.float32) for _, _, shape in PORT["weights"]]

    def check(self, path: Path) -> None:
        checkpoint = weights.read(path, heads=4, frames=4, side=32)
        checkpoint.labels = ["a", "b", "c", "d", "e"]
        pictures = np.random.RandomState(0).randn(2, 4, 32, 32, 3).astype(np.float32).transpose(0, 1, 4, 2, 3)
        with torch.no_grad():
            found = checkpoint.net(torch.from_numpy(np.ascontiguousarray(pictures)))[0].numpy()
        self.assertLess(np.abs(found - np.array(PORT["logits"])).max(), 1e-5)
        self.assertGreater(np.abs(np.array(PORT["logits"])).max(), 0.2)
        export.save(checkpoint, self.folder, "tiny", "1")

    def h5(self) -> Path:
        import h5py

        path = self.folder / "TFVideoMAE_T_FT.h5"
        layers = list(dict.fromkeys(["patch_embed", "pos_drop", *(layer for layer, _, _ in PORT["weights"])]))
        with h5py.File(path, "w") as file:
            file.attrs["layer_names"] = [layer.encode() for layer in layers]
            for layer in layers:
                group = file.create_group(layer)
                group.attrs["weight_names"] = [name.encode() for owner, name, _ in PORT["weights"] if owner == layer]
            for (layer, name, _), array in zip(PORT["weights"], self.arrays()):
                file[layer][name] = array
        return path

    @unittest.skipUnless(HAS_H5PY, "needs the package h5py")
    def test_weights_in_hdf5_answer_as_in_the_port(self):
        self.check(self.h5())

    def test_a_saved_model_answers_as_in_the_port(self):
        folder = self.folder / "TFVideoMAE_T_FT"
        (folder / "variables").mkdir(parents=True)
        write_bundle(folder / "variables/variables", {
            f"variables/{number}/.ATTRIBUTES/VARIABLE_VALUE": array for number, array in enumerate(self.arrays())})
        self.check(folder)

    @unittest.skipUnless(HAS_H5PY, "needs the package h5py")
    def test_another_number_of_weights_or_another_width_is_refused(self):
        with self.assertRaisesRegex(weights.CheckpointError, "--heads"):
            weights.read(self.h5())
        with self.assertRaisesRegex(weights.CheckpointError, "6 and 13"):
            weights._keras(self.arrays()[:-1], 4, 4, 32, "cut")
        broken = self.folder / "broken.h5"
        broken.write_bytes(b"nothing")
        with self.assertRaisesRegex(weights.CheckpointError, "no HDF5"):
            weights.read(broken)


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def write_bundle(prefix: Path, tensors: dict[str, np.ndarray], per_block: int = 7) -> None:
    """A checkpoint in TensorFlow's format, with shared key prefixes and several blocks."""
    content, entries = bytearray(), [(b"", b"\x08\x01")]
    for key in sorted(tensors):
        array = np.ascontiguousarray(tensors[key], "<f4")
        sizes = [b"\x08" + _number(size) for size in array.shape]
        shape = b"".join(b"\x12" + _number(len(size)) + size for size in sizes)
        entries.append((key.encode(), b"\x08\x01\x12" + _number(len(shape)) + shape + b"\x20" + _number(len(content)) + b"\x28"
                        + _number(array.nbytes) + b"\x35" + struct.pack("<I", 0)))
        content += array.tobytes()
    prefix.with_name(prefix.name + ".data-00000-of-00001").write_bytes(bytes(content))
    table = bytearray()

    def block(items: list[tuple[bytes, bytes]]) -> bytes:
        body, last = bytearray(), b""
        for key, value in items:
            shared = next((i for i, (a, b) in enumerate(zip(key, last)) if a != b), min(len(key), len(last)))
            body += _number(shared) + _number(len(key) - shared) + _number(len(value)) + key[shared:] + value
            last = key
        body += struct.pack("<II", 0, 1)
        place = _number(len(table)) + _number(len(body))
        table.extend(body + b"\x00" + struct.pack("<I", 0))
        return place

    index = [(chunk[-1][0], block(chunk)) for chunk in (entries[i:i + per_block] for i in range(0, len(entries), per_block))]
    handles = block([]) + block(index)
    table += handles.ljust(40, b"\x00") + struct.pack("<Q", 0xDB4775248B80FB57)
    prefix.with_name(prefix.name + ".index").write_bytes(bytes(table))


class BundleTests(TemporaryFolder):
    def test_tensors_of_all_shapes_come_back(self):
        tensors = {f"variables/{i}": np.random.default_rng(i).random(shape).astype(np.float32)
                   for i, shape in enumerate([(), (3,), (2, 5), (300, 2, 1)])}
        write_bundle(self.folder / "v", tensors, per_block=2)
        found = bundle.read(self.folder / "v")
        self.assertEqual(found.keys(), tensors.keys())
        for key, value in tensors.items():
            np.testing.assert_array_equal(found[key], value)

    def test_damaged_files_are_errors_and_never_anything_else(self):
        write_bundle(self.folder / "v", {f"variables/{i}": np.ones((4, i + 1)) for i in range(20)})
        index = self.folder / "v.index"
        whole, random = index.read_bytes(), np.random.default_rng(4)
        refused = 0
        for _ in range(600):
            broken = bytearray(whole)
            for place in random.integers(0, len(broken), random.integers(1, 6)):
                broken[place] = random.integers(0, 256)
            index.write_bytes(bytes(broken[:random.integers(1, len(broken) + 1)]) if random.random() < 0.3 else bytes(broken))
            try:
                bundle.read(self.folder / "v")
            except (bundle.BundleError, OSError):
                refused += 1
        self.assertGreater(refused, 100)


class ClipTests(TemporaryFolder):
    def test_points_are_those_of_the_authors(self):
        self.assertEqual(clips.samples(32).tolist(), [0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31])
        self.assertEqual(clips.samples(5).tolist(), [0, 4] + [4] * 14)
        self.assertEqual(clips.samples(1).tolist(), [0] * 16)
        for available in range(1, 33):
            points = clips.samples(available)
            self.assertEqual((len(points), points.min() >= 0, points.max()), (16, True, available - 1))
            self.assertTrue((np.diff(points) >= 0).all())

    @unittest.skipUnless(HAS_TRANSFORMERS, "needs the package transformers, which is the reference here")
    def test_pixels_are_those_of_the_reference(self):
        from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

        processor = VideoMAEImageProcessorPil(image_mean=weights.IMAGENET["mean"], image_std=weights.IMAGENET["std"])
        for size in ((320, 240), (240, 320), (480, 360), (641, 359), (101, 99), (224, 224), (1280, 720)):
            image = Image.fromarray(np.random.default_rng(size[0]).integers(0, 256, (size[1], size[0], 3), np.uint8))
            expected = np.asarray(processor([image], return_tensors="np")["pixel_values"])[0, 0]
            found = clips.normalise(clips.picture(image, 224), **weights.IMAGENET)
            self.assertLess(np.abs(found - expected).max(), 1e-5)

    @unittest.skipUnless(HAS_FFMPEG, "needs the ffmpeg command")
    def test_a_film_of_any_rate_gives_the_picture_on_the_screen(self):
        for rate in (8, 25, 60):
            path = self.folder / f"{rate}.mkv"
            film(path, [round(10 + 200 * i / (rate * 5 // 2)) for i in range(rate * 5 // 2)], rate)
            grid = clips.grid(path, 16)
            self.assertEqual(len(grid), 40)
            for point, picture in enumerate(grid):
                shown = int(point * rate / 16)
                self.assertLessEqual(abs(float(picture.mean()) - (10 + 200 * shown / (rate * 5 // 2))), 2.5)
            self.assertEqual(clips.clips(path, 16, 16).shape, (2, 16, 3, 16, 16))
        (self.folder / "broken.avi").write_bytes(b"nothing")
        with self.assertRaisesRegex(clips.FilmError, "broken.avi"):
            clips.grid(self.folder / "broken.avi", 16)


def film(path: Path, greys: list[float], rate: int, texture: np.ndarray | None = None) -> None:
    """A film whose pictures have the given brightness, over a texture."""
    base = np.zeros((48, 64)) if texture is None else texture
    frames = np.stack([np.clip(base + grey, 0, 255).astype(np.uint8) for grey in greys])
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", "64x48", "-r", str(rate), "-i", "-",
                    "-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p", str(path)], input=frames.tobytes(), check=True)


def people(root: Path, count: int, broken: bool = False) -> Path:
    """Films laid out as CREMA-D: what moves where says the emotion, and each person has a texture of their own."""
    folder = root / "VideoFlash"
    folder.mkdir(parents=True)
    y, x = np.mgrid[0:48, 0:64]
    motion = {"ANG": (x < 32) * 90.0, "HAP": (x >= 32) * 90.0, "SAD": (y >= 24) * 90.0}
    for person in range(count):
        texture = np.random.default_rng(person).normal(0, 8, (48, 64))
        for emotion, place in motion.items():
            for sentence in ("DFA", "IEO"):
                path = folder / f"{1001 + person}_{sentence}_{emotion}_XX.mkv"
                film(path, [60.0] * 20, 10, texture + place)
    if broken:
        (folder / "1001_ITH_ANG_XX.flv").write_bytes(b"nothing")
    return root


class FilmTests(TemporaryFolder):
    def test_published_names_say_emotion_and_person(self):
        cases = {"crema-d": {"VideoFlash/1001_DFA_ANG_XX.flv": ("crema-d-1001", "angry"), "AudioWAV/1001_DFA_ANG_XX.wav": None},
                 "enterface05": {"subject 1/anger/sentence 1/s1_an_1.avi": ("enterface05-1", "angry")},
                 "ravdess": {"Actor_01/01-01-03-01-01-01-01.mp4": ("ravdess-01", "happy"),
                             "Actor_01/02-01-03-01-01-01-01.mp4": None,
                             "Actor_02/02-01-02-01-01-01-02.mp4": ("ravdess-02", "neutral"),
                             "Actor_02/03-01-02-01-01-01-02.wav": None}}
        for corpus, names in cases.items():
            root = self.folder / corpus
            for name in names:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).touch()
            found = {str(item.path.relative_to(root)): (item.speaker, item.label) for item in films.folder(corpus, root)}
            self.assertEqual(found, {name: said for name, said in names.items() if said})
        for corpus, root in (("tess", self.folder), ("ravdess", self.folder / "none"), ("crema-d", self.folder / "ravdess")):
            with self.assertRaises(films.DataError):
                films.folder(corpus, root)

    def test_folds_keep_people_apart_and_leaks_are_refused(self):
        speakers = np.array([f"p{i}" for i, count in enumerate([5, 9, 2, 7, 4, 4, 6]) for _ in range(count)])
        found = films.folds(speakers, 3)
        self.assertEqual(int(np.sum(found)), len(speakers))
        self.assertLessEqual(max(f.sum() for f in found) - min(f.sum() for f in found), 5)
        with self.assertRaisesRegex(films.DataError, "--folds 7"):
            films.folds(speakers, 8)
        leaking = [np.arange(len(speakers)) % 2 == fold for fold in range(2)]
        with self.assertRaisesRegex(films.DataError, "leaks"):
            films.refuse_leaks(speakers, leaking)
        with self.assertRaisesRegex(films.DataError, "no fold"):
            films.refuse_leaks(speakers, found[:2])


@unittest.skipUnless(HAS_FFMPEG, "needs the ffmpeg command")
class FineTuneTests(TemporaryFolder):
    def tune(self, *more: str) -> tuple[dict, dict, str]:
        root = people(self.folder / "CREMA-D", 6, broken=True)
        for path in (root / "VideoFlash").glob("*.mkv"):
            path.rename(path.with_suffix(".flv"))  # ffmpeg looks at the content
        said = self.run_command("fine-tune", "--checkpoint", hugging_face(self.folder), "--corpus", f"crema-d={root}",
                                "--folds", "3", "--out", self.folder / "out", *more)
        return (json.loads((self.folder / "out/videomae-emotion.json").read_text()),
                json.loads((self.folder / "out/videomae-emotion.report.json").read_text()), said)

    def test_a_head_on_a_frozen_backbone_reads_people_who_did_not_train(self):
        description, report, said = self.tune("--epochs", "60", "--rate", "1e-2")
        self.assertEqual((description["head"], description["labels"]), ("emotions", ["angry", "happy", "sad"]))
        self.assertEqual((report["people"], report["films"], len(report["folds"])), (6, 36, 3))
        self.assertGreater(report["uar"]["value"], 0.9)
        self.assertEqual(sorted(p for fold in report["folds"] for p in fold["people"]),
                         sorted({f"crema-d-{1001 + i}" for i in range(6)}))
        self.assertEqual(len(report["skipped"]), 1)
        self.assertIn("1001_ITH_ANG_XX.flv", said)
        self.assertTrue((self.folder / "out/videomae-emotion.onnx").is_file())

    def test_unfrozen_blocks_learn_and_the_others_stay(self):
        self.tune("--epochs", "4", "--unfreeze", "1")
        import onnx

        model = onnx.load(str(self.folder / "out/videomae-emotion.onnx"))
        tensors = [onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer]
        state = hugging_face_state(SHAPE)

        def kept(name: str) -> bool:
            wanted = state[name].numpy()
            return any(t.shape in (wanted.shape, wanted.T.shape) and (np.array_equal(t, wanted) or np.array_equal(t, wanted.T))
                       for t in tensors)

        self.assertTrue(kept("videomae.encoder.layer.1.intermediate.dense.weight"))
        self.assertFalse(kept("videomae.encoder.layer.2.intermediate.dense.weight"))

    def test_wrong_wishes_are_answered_with_what_to_do(self):
        checkpoint = hugging_face(self.folder)
        for arguments, reason in ((("--corpus", "crema-d"), "CORPUS=FOLDER"), (("--corpus", f"tess={self.folder}"), "no corpus"),
                                  (("--corpus", f"crema-d={self.folder}", "--unfreeze", "9"), "3 blocks")):
            with self.assertRaisesRegex(SystemExit, reason):
                self.run_command("fine-tune", "--checkpoint", checkpoint, "--out", self.folder, *arguments)


class HelpTests(unittest.TestCase):
    def test_help_teaches_with_examples(self):
        for arguments, words in ((["--help"], ["hypeclip models pull"]), (["export", "--help"], ["TFVideoMAE_L_K400", "SavedModel"]),
                                 (["fine-tune", "--help"], ["Actor_01/", "--unfreeze"])):
            said = io.StringIO()
            with contextlib.redirect_stdout(said), self.assertRaises(SystemExit) as ended:
                command.main(arguments)
            self.assertEqual(ended.exception.code, 0)
            for word in words:
                self.assertIn(word, said.getvalue())


if __name__ == "__main__":
    unittest.main()
