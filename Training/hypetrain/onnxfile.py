"""Writing, describing, checking and timing the ONNX files that the product ships."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

import numpy as np
import onnx
import torch

from hypetrain import __version__

OPSET = 17


def save(module: torch.nn.Module, example: torch.Tensor, path: Path, input_name: str, outputs: list[str],
         metadata: dict) -> None:
    """Exports ``module`` with a dynamic batch and writes the sidecar JSON beside the ONNX file.

    The metadata goes into the ONNX file's ``metadata_props`` (values as JSON text where they are not strings) and,
    with the SHA-256 of the finished file, into ``<name>.json``.
    """
    module = module.eval().cpu()
    torch.onnx.export(module, (example,), str(path), input_names=[input_name], output_names=outputs,
                      dynamic_axes={name: {0: "n"} for name in [input_name, *outputs]},
                      opset_version=OPSET, dynamo=False)
    model = onnx.load(str(path))
    model.producer_name, model.producer_version = "hypetrain", __version__
    describe(model, path, metadata)


def describe(model: onnx.ModelProto, path: Path, metadata: dict, sidecar: Path | None = None) -> None:
    """Writes ``model`` with ``metadata`` inside and in ``sidecar``, which also has the file's SHA-256.

    The sidecar is ``<name>.json`` where none is named.
    """
    onnx.helper.set_model_props(
        model, {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in metadata.items()})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    document = metadata | {"file": path.name, "bytes": path.stat().st_size, "sha256": digest}
    (sidecar or path.with_suffix(".json")).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def compile_openvino(path: Path, shape: list[int], threads: int = 1):
    """The compiled model in OpenVINO, float32, static shape."""
    import openvino

    core = openvino.Core()
    model = core.read_model(str(path))
    model.reshape({0: openvino.PartialShape(shape)})
    return core.compile_model(model, "CPU", {
        "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": str(threads), "NUM_STREAMS": "1"})


def agreement(module: torch.nn.Module, path: Path, batch: np.ndarray) -> dict[str, float]:
    """Largest absolute difference of OpenVINO's and ONNX Runtime's outputs to PyTorch's."""
    import onnxruntime

    with torch.no_grad():
        expected = module.eval()(torch.from_numpy(batch))
    expected = [t.numpy() for t in (expected if isinstance(expected, tuple) else (expected,))]
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    other = session.run(None, {session.get_inputs()[0].name: batch})
    compiled = compile_openvino(path, list(batch.shape))
    result = compiled(batch)
    return {
        "onnxruntime": max(float(np.abs(a - b).max()) for a, b in zip(expected, other)),
        "openvino": max(float(np.abs(a - result[i]).max()) for i, a in enumerate(expected)),
    }


def milliseconds(path: Path, shape: list[int], rounds: int = 200) -> dict[str, float]:
    """Time of one inference in OpenVINO on one thread, after a warm-up."""
    request = compile_openvino(path, shape).create_infer_request()
    batch = np.random.default_rng(0).random(shape, np.float32)
    for _ in range(10):
        request.infer([batch])
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        request.infer([batch])
        times.append(1000 * (time.perf_counter() - start))
    return {"p50": float(np.percentile(times, 50)), "min": float(min(times))}
