"""Reads people's own VideoMAE checkpoints into :class:`~hypetrain.videomae.net.VideoMAE`.

Two families are known. Hugging Face's: a folder with ``config.json`` and ``model.safetensors`` or ``pytorch_model.bin`` of
``VideoMAEForVideoClassification`` (or of the pre-trained model without a classifier, for fine-tuning). The port to Keras
(innat/VideoMAE, files like ``TFVideoMAE_L_K400_16x224_FT``): ``.h5`` weights or a SavedModel's folder. Keras numbers its
layers as they come in a process, so there only the order of the weights says what they are; :func:`_keras` checks it by shapes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from hypetrain.videomae import bundle
from hypetrain.videomae.net import Shape, VideoMAE

IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
"""What the published checkpoints were trained with."""
HEADS = {384: 6, 768: 12, 1024: 16, 1280: 16}
"""Attention heads of the published sizes, by width."""
_KERAS_EPSILON = 1e-6


class CheckpointError(ValueError):
    """A checkpoint that cannot be used, with what to do about it."""


@dataclass
class Checkpoint:
    """A network as somebody published it."""

    net: VideoMAE
    labels: list[str] | None
    """Names of the classes; ``None`` where the checkpoint does not say them."""
    mean: list[float]
    std: list[float]
    source: str
    has_head: bool = True
    """False where the classifier is fresh because the checkpoint is only pre-trained."""


def read(path: Path, *, heads: int | None = None, frames: int = 16, side: int = 224) -> Checkpoint:
    """Reads a checkpoint of either family.

    ``heads``, ``frames`` and ``side`` matter for Keras checkpoints only, which do not say them.
    """
    if path.is_file() and path.suffix in (".h5", ".hdf5"):
        return _keras(_h5(path), heads, frames, side, f"Keras weights {path.name}")
    if (path / "variables" / "variables.index").is_file():
        return _keras(_saved_model(path), heads, frames, side, f"SavedModel {path.name}")
    if path.name in ("model.safetensors", "pytorch_model.bin", "config.json"):
        path = path.parent
    if (path / "config.json").is_file():
        return _hugging_face(path)
    raise CheckpointError(
        f"{path} is no VideoMAE checkpoint. Name a Hugging Face folder (config.json beside model.safetensors or pytorch_model.bin), "
        "a Keras .h5 file or a SavedModel folder (with variables/variables.index).")


# Hugging Face

def _hugging_face(folder: Path) -> Checkpoint:
    config = json.loads((folder / "config.json").read_text())
    if config.get("model_type") != "videomae":
        raise CheckpointError(f"{folder}/config.json describes a model of type '{config.get('model_type')}', not 'videomae'.")
    if not config.get("use_mean_pooling", True) and "VideoMAEForVideoClassification" in config.get("architectures", []):
        raise CheckpointError(f"{folder}: a classifier without mean pooling is not known here.")
    if config.get("hidden_act", "gelu") != "gelu" or config.get("num_channels", 3) != 3:
        raise CheckpointError(f"{folder}: only GELU and three colours are known here.")
    state = _tensors(folder)
    known = {int(k): v for k, v in config.get("id2label", {}).items()}
    head = state.get("classifier.weight")
    classes = head.shape[0] if head is not None else max(len(known), 1)
    shape = Shape(
        width=config["hidden_size"], depth=config["num_hidden_layers"], heads=config["num_attention_heads"],
        hidden=config["intermediate_size"], classes=classes, frames=config.get("num_frames", 16),
        tubelet=config.get("tubelet_size", 2), side=config.get("image_size", 224), patch=config.get("patch_size", 16),
        epsilon=config.get("layer_norm_eps", 1e-12))
    net = VideoMAE(shape)
    mapped = {ours: _take(state, theirs, folder) for ours, theirs in _names(shape.depth, head is not None)}
    for block in range(shape.depth):
        prefix = f"videomae.encoder.layer.{block}.attention.attention."
        parts = [_take(state, f"{prefix}{part}.weight", folder) for part in ("query", "key", "value")]
        mapped[f"blocks.{block}.attention.qkv.weight"] = torch.cat(parts)
        query, value = (next((state[name] for name in (f"{prefix}{long}.bias", f"{prefix}{short}_bias") if name in state),
                             torch.zeros(shape.width)) for long, short in (("query", "q"), ("value", "v")))
        mapped[f"blocks.{block}.attention.qkv.bias"] = torch.cat([query, torch.zeros(shape.width), value])
    _load(net, mapped, folder, head is not None)
    labels = [known[i] for i in range(classes)] if set(range(classes)) <= known.keys() else None
    if labels and all(re.fullmatch(r"LABEL_\d+", label) for label in labels):
        labels = None
    return Checkpoint(net, labels, *_normalisation(folder), f"Hugging Face checkpoint {folder.name}", head is not None)


def _names(depth: int, has_head: bool) -> list[tuple[str, str]]:
    """Our names and theirs, of all but the attention's inputs."""
    pairs = [("patches", "videomae.embeddings.patch_embeddings.projection")]
    for block in range(depth):
        ours, theirs = f"blocks.{block}", f"videomae.encoder.layer.{block}"
        pairs += [(f"{ours}.norm1", f"{theirs}.layernorm_before"), (f"{ours}.norm2", f"{theirs}.layernorm_after"),
                  (f"{ours}.attention.proj", f"{theirs}.attention.output.dense"),
                  (f"{ours}.widen", f"{theirs}.intermediate.dense"), (f"{ours}.narrow", f"{theirs}.output.dense")]
    if has_head:
        pairs += [("norm", "fc_norm"), ("head", "classifier")]
    return [(f"{ours}.{kind}", f"{theirs}.{kind}") for ours, theirs in pairs for kind in ("weight", "bias")]


def _tensors(folder: Path) -> dict[str, torch.Tensor]:
    """Weights of one file or of several that an index names, as float32."""
    for name, reader in (("model.safetensors", _safetensors), ("pytorch_model.bin", _pickle)):
        index = folder / f"{name}.index.json"
        if (folder / name).is_file():
            parts = [name]
        elif index.is_file():
            parts = sorted(set(json.loads(index.read_text())["weight_map"].values()))
        else:
            continue
        state = {k: v for part in parts for k, v in reader(folder / part).items()}
        return {k: v.float() for k, v in state.items()}
    raise CheckpointError(f"{folder} holds neither model.safetensors nor pytorch_model.bin.")


def _safetensors(path: Path) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(path)


def _pickle(path: Path) -> dict[str, torch.Tensor]:
    return torch.load(path, map_location="cpu", weights_only=True)


def _take(state: dict[str, torch.Tensor], name: str, where: Path) -> torch.Tensor:
    if name not in state:
        raise CheckpointError(f"{where} has no weight '{name}': it is another network or an incomplete checkpoint.")
    return state[name]


def _normalisation(folder: Path) -> tuple[list[float], list[float]]:
    """Means and deviations of ``preprocessor_config.json``, or those of the published checkpoints."""
    path = folder / "preprocessor_config.json"
    known = json.loads(path.read_text()) if path.is_file() else {}
    return known.get("image_mean", IMAGENET["mean"]), known.get("image_std", IMAGENET["std"])


def _load(net: VideoMAE, mapped: dict[str, torch.Tensor], where: object, has_head: bool) -> None:
    for name, value in net.state_dict().items():
        if not has_head and name.startswith(("norm.", "head.")):
            continue
        if mapped[name].shape != value.shape:
            raise CheckpointError(f"{where}: '{name}' has the shape {list(mapped[name].shape)} instead of {list(value.shape)}.")
    net.load_state_dict(mapped, strict=has_head)
    net.eval()


# Keras

def _h5(path: Path) -> list[np.ndarray]:
    """Weights in the order in which Keras wrote and reads them."""
    import h5py

    try:
        with h5py.File(path) as file:
            if "layer_names" not in file.attrs:
                raise CheckpointError(f"{path} holds no weights as Keras 2 writes them (save_weights).")
            arrays = []
            for layer in file.attrs["layer_names"]:
                group = file[_text(layer)]
                arrays += [np.asarray(group[_text(name)]) for name in group.attrs["weight_names"]]
            return arrays
    except OSError as error:
        raise CheckpointError(f"{path} is no HDF5 file: {error}") from None


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name


def _saved_model(folder: Path) -> list[np.ndarray]:
    """The variables in the order of the model's ``weights``."""
    numbered = {}
    try:
        for key, value in bundle.read(folder / "variables" / "variables").items():
            found = re.fullmatch(r"variables/(\d+)/\.ATTRIBUTES/VARIABLE_VALUE", key)
            if found:
                numbered[int(found[1])] = value
    except (bundle.BundleError, OSError) as error:
        raise CheckpointError(f"{folder}: {error}") from None
    return [numbered[number] for number in sorted(numbered)]


_PER_BLOCK = 13


def _keras(arrays: list[np.ndarray], heads: int | None, frames: int, side: int, source: str) -> Checkpoint:
    """Orders the port's weights: cubes, for each block 13, normalisation, head."""
    depth, rest = divmod(len(arrays) - 6, _PER_BLOCK)
    if depth < 1 or rest or arrays[0].ndim != 5:
        raise CheckpointError(f"{source}: {len(arrays)} weights are no fine-tuned VideoMAE of the port (6 and 13 for each block).")
    tubelet, patch, _, _, width = arrays[0].shape
    heads = heads or HEADS.get(width)
    if heads is None:
        raise CheckpointError(f"{source}: say with --heads how many attention heads a width of {width} has.")
    shape = Shape(width, depth, heads, arrays[11].shape[-1], arrays[-1].shape[0], frames, tubelet, side, patch,
                  _KERAS_EPSILON, _KERAS_EPSILON)
    weights = [torch.from_numpy(np.array(array, np.float32)) for array in arrays]
    mapped = {"patches.weight": weights[0].permute(4, 3, 0, 1, 2), "patches.bias": weights[1]}
    for block in range(depth):
        (scale1, shift1, qkv, proj, proj_bias, query, value, scale2, shift2, widen, widen_bias, narrow,
         narrow_bias) = weights[2 + _PER_BLOCK * block:2 + _PER_BLOCK * (block + 1)]
        mapped |= {f"blocks.{block}.{name}": tensor for name, tensor in {
            "norm1.weight": scale1, "norm1.bias": shift1, "attention.qkv.weight": qkv.T,
            "attention.qkv.bias": torch.cat([query, torch.zeros_like(query), value]),
            "attention.proj.weight": proj.T, "attention.proj.bias": proj_bias,
            "norm2.weight": scale2, "norm2.bias": shift2, "widen.weight": widen.T, "widen.bias": widen_bias,
            "narrow.weight": narrow.T, "narrow.bias": narrow_bias}.items()}
    scale, shift, head, head_bias = weights[-4:]
    mapped |= {"norm.weight": scale, "norm.bias": shift, "head.weight": head.T, "head.bias": head_bias}
    net = VideoMAE(shape)
    _load(net, mapped, source, True)
    return Checkpoint(net, None, IMAGENET["mean"], IMAGENET["std"], source)


# Labels

def labels(source: str) -> list[str]:
    """Names of classes: a text file with one a line, a JSON list, a Hugging Face ``config.json``, or ``kinetics-400``."""
    if source == "kinetics-400":
        try:
            from torchvision.models._meta import _KINETICS400_CATEGORIES
        except ImportError:
            raise CheckpointError("The names of Kinetics-400 come from the package torchvision, which is not installed. Install it, "
                                  "or give --labels a file with one name a line or a Hugging Face config.json.") from None
        return list(_KINETICS400_CATEGORIES)
    path = Path(source)
    if not path.is_file():
        raise CheckpointError(f"--labels: {path} is no file.")
    if path.suffix != ".json":
        return [line.strip() for line in path.read_text().splitlines() if line.strip()]
    content = json.loads(path.read_text())
    if isinstance(content, list):
        return [str(name) for name in content]
    if "id2label" not in content:
        raise CheckpointError(f"--labels: {path} has no id2label.")
    return [name for _, name in sorted(((int(k), v) for k, v in content["id2label"].items()))]
