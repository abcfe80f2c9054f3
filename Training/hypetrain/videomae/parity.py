"""Numbers that ``HypeEmotion/Video`` must repeat: which pictures, which pixels, which answers.

Pictures and weights come from formulas, so that neither has to be committed; the graph of a tiny network, as the exporter writes it, is
kept as JSON and the Swift tests make the ONNX file of it. Pixels are those of the ``transformers`` library's image processor.

    PYTHONPATH=Training python -m hypetrain.videomae.parity     # needs the package transformers beside requirements.txt
"""

from __future__ import annotations

import json
import tempfile
import zlib
from pathlib import Path

import numpy as np
import onnx
import torch
from PIL import Image

from hypetrain import parity, runtime
from hypetrain.labels import BASIC
from hypetrain.videomae import clips, export
from hypetrain.videomae.net import Shape, VideoMAE
from hypetrain.videomae.weights import IMAGENET, Checkpoint

FIXTURE = parity.ROOT / "Tests/HypeEmotionTests/Parity/videomae.json"
TINY = Shape(width=16, depth=2, heads=2, hidden=32, classes=len(BASIC), frames=4, tubelet=2, side=32, patch=16)
CUTS = (
    {"width": 320, "height": 240, "side": 224}, {"width": 240, "height": 320, "side": 224}, {"width": 480, "height": 360, "side": 224},
    {"width": 1280, "height": 720, "side": 224}, {"width": 641, "height": 359, "side": 224}, {"width": 101, "height": 99, "side": 224},
    {"width": 224, "height": 224, "side": 224}, {"width": 7, "height": 3, "side": 224}, {"width": 1, "height": 1, "side": 224},
    {"width": 480, "height": 360, "side": 224, "region": [100, 40, 150, 150]},
    {"width": 480, "height": 360, "side": 224, "region": [-30, 200, 301, 260]}, {"width": 90, "height": 61, "side": 24},
)
"""Sizes of pictures and parts of them, reduced, enlarged, upright, odd, tiny and over the edge."""
CHECKED = 48
"""Pixels of each cut that are compared one by one, beside the checksum of all."""


def picture(width: int, height: int, number: int = 0) -> np.ndarray:
    """Two waves and a hash, in whole numbers. RGB uint8 ``[height, width, 3]``."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)

    def wave(n: np.ndarray) -> np.ndarray:
        return np.abs(n % 510 - 255)

    mixed = (x * 7919 + y * 104729 + number * 1299721) * 2654435761 % 2**32 >> 13 & 255
    return np.stack([wave(3 * x + 2 * y + 31 * number), wave(2 * x + 5 * y + 60), mixed], -1).astype(np.uint8)


def cuts() -> list[dict]:
    from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

    result = []
    for cut in CUTS:
        side = cut["side"]
        image = Image.fromarray(picture(cut["width"], cut["height"]))
        if "region" in cut:
            x, y, width, height = cut["region"]
            image = image.crop((max(0, x), max(0, y), min(image.width, x + width), min(image.height, y + height)))
        processor = VideoMAEImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side},
                                              image_mean=IMAGENET["mean"], image_std=IMAGENET["std"])
        numbers = np.asarray(processor([image], return_tensors="np")["pixel_values"], np.float64)[0, 0]
        # The bytes that the processor normalised, whatever it makes of them.
        bytes_ = np.rint((numbers * np.array(IMAGENET["std"])[:, None, None] + np.array(IMAGENET["mean"])[:, None, None]) * 255)
        places = np.linspace(0, numbers.size - 1, CHECKED).astype(int)
        result.append(cut | {"crc32": zlib.crc32(bytes_.astype(np.uint8).tobytes()), "places": places.tolist(),
                             "numbers": parity.rounded(numbers.ravel()[places], 7)})
    return result


def seeded(net: VideoMAE) -> dict[str, torch.Tensor]:
    """Gives every weight numbers of :func:`hypetrain.parity.noise`, seeded with its place in the list."""
    state = {}
    for place, (name, value) in enumerate(net.state_dict().items()):
        numbers = torch.from_numpy(0.25 * parity.noise(value.numel(), place + 1)).float().reshape(value.shape)
        state[name] = numbers + 1 if "norm" in name and name.endswith("weight") else numbers
    net.load_state_dict(state)
    return state


def tensor(value: onnx.TensorProto, state: dict[str, torch.Tensor]) -> dict:
    """A tensor as the seed that makes it, or as its numbers."""
    array = onnx.numpy_helper.to_array(value)
    for place, (name, weight) in enumerate(state.items()):
        for turned in (False, True) if weight.ndim == 2 else (False,):
            if np.array_equal(array, (weight.T if turned else weight).numpy()):
                return {"dims": list(weight.shape), "seed": place + 1, "offset": int("norm" in name and name.endswith("weight")),
                        "transposed": turned}
    kind = {np.float32: "float", np.int64: "int64"}[array.dtype.type]
    return {"dims": list(array.shape), "type": kind, "values": array.ravel().tolist()}


def graph(path: Path, state: dict[str, torch.Tensor]) -> dict:
    model = onnx.load(str(path))

    def attribute(value: onnx.AttributeProto) -> dict:
        content = onnx.helper.get_attribute_value(value)
        if value.type == onnx.AttributeProto.TENSOR:
            return {"name": value.name, "tensor": tensor(content, state)}
        key = {onnx.AttributeProto.INT: "int", onnx.AttributeProto.INTS: "ints", onnx.AttributeProto.FLOAT: "float"}[value.type]
        return {"name": value.name, key: list(content) if key == "ints" else content}

    return {
        "opset": model.opset_import[0].version, "ir": model.ir_version,
        "nodes": [{"op": node.op_type, "in": list(node.input), "out": list(node.output),
                   "attributes": [attribute(a) for a in node.attribute]} for node in model.graph.node],
        "tensors": [{"name": value.name} | tensor(value, state) for value in model.graph.initializer],
    }


def tiny() -> dict:
    """The graph of a tiny emotion head and what it says about two clips, computed by PyTorch."""
    net = VideoMAE(TINY)
    state = seeded(net)
    checkpoint = Checkpoint(net.eval(), list(BASIC), IMAGENET["mean"], IMAGENET["std"], "numbers from a formula")
    with tempfile.TemporaryDirectory() as folder:
        path, _ = export.save(checkpoint, Path(folder), "tiny", "1", head="emotions", threshold=0.5)
        said = json.loads(path.with_suffix(".json").read_text())
        nodes = graph(path, state)
    answers = []
    for size in ((64, 48), (40, 70)):
        numbers = [[number + len(answers) * 4 for number in range(4)], [9, 9, 12, 15]][len(answers)]
        pictures = np.stack([clips.picture(Image.fromarray(picture(*size, number)), TINY.side) for number in numbers])
        with torch.no_grad():
            logits, embedding = net(torch.from_numpy(clips.normalise(pictures, **IMAGENET))[None])
        answers.append({"width": size[0], "height": size[1], "pictures": numbers, "logits": parity.rounded(logits[0].numpy(), 7),
                        "embedding": parity.rounded(embedding[0].numpy(), 7),
                        "probabilities": parity.rounded(logits.softmax(-1)[0].numpy(), 7)})
    return {"description": said, "graph": nodes, "answers": answers}


def main() -> None:
    runtime.prepare(0, 1)
    settings = [(16, 32), (8, 32), (16, 48), (16, 16), (4, 10)]
    parity.write(FIXTURE, {
        "samples": [{"frames": frames, "grid": grid, "points": [clips.samples(n, frames, grid).tolist() for n in range(1, grid + 1)]}
                    for frames, grid in settings],
        "cuts": cuts(), "tiny": tiny(),
    })


if __name__ == "__main__":
    main()
