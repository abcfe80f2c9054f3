"""Gives a network's ONNX file a second answer: the vector that its last linear layer reads.

The exporters call :func:`upgrade` on what they have just written. ``python -m hypetrain.embedding`` does it to the files
that are in ``Models`` already, without a training run: no weight and no node of the old graph is touched, which it checks by
comparing the old outputs of both files bit by bit in OpenVINO and in ONNX Runtime.

    PYTHONPATH=Training python -m hypetrain.embedding face-expression=0.3.1 voice-emotion=0.2.1
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import helper

from hypetrain import onnxfile

OUTPUT = "embedding"
"""Name of the output, ``[n, width]``."""
LINEAR = "Gemm"
"""What PyTorch's exporter calls a linear layer."""


def _last_linear(graph: onnx.GraphProto, output: str) -> list[onnx.NodeProto]:
    """The linear layers that the output depends on with no other one between; several where a net looks more than once."""
    makers = {name: node for node in graph.node for name in node.output}
    found, seen, waiting = [], set(), [output]
    while waiting:
        name = waiting.pop(0)
        node = makers.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if node.op_type == LINEAR:
            found.append(node)
        else:
            waiting.extend(node.input)
    return found


def expose(model: onnx.ModelProto, output: str = "logits") -> int:
    """Adds the output :data:`OUTPUT` to ``model`` and returns its width.

    Where the net looks twice with the same layer (the face and its mirror image) and takes the mean of the answers, the
    embedding is the mean of both vectors: the layer is linear, so it would give the same answer to it.
    """
    graph = model.graph
    if any(port.name == OUTPUT for port in graph.output):
        raise ValueError(f"The graph has an output '{OUTPUT}' already.")
    layers = _last_linear(graph, output)
    if not layers or len({layer.input[1] for layer in layers}) != 1:
        raise ValueError(f"'{output}' does not come from one linear layer.")
    weights = {tensor.name: tensor for tensor in graph.initializer}[layers[0].input[1]]
    turned = any(a.name == "transB" and a.i == 1 for a in layers[0].attribute)
    width = weights.dims[1 if turned else 0]
    vectors = [layer.input[0] for layer in layers]
    if len(vectors) == 1:
        graph.node.append(helper.make_node("Identity", vectors, [OUTPUT], name="/embedding"))
    else:
        graph.node.append(helper.make_node("Mean", vectors, [OUTPUT], name="/embedding"))
    graph.output.append(helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, ["n", width]))
    return width


def _outputs(path: Path, batch: np.ndarray, names: list[str]) -> list[np.ndarray]:
    """What OpenVINO and ONNX Runtime give for ``names``, one after the other."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    other = session.run(names, {session.get_inputs()[0].name: batch})
    result = onnxfile.compile_openvino(path, list(batch.shape))(batch)
    return [*(result[name].copy() for name in names), *other]


def upgrade(path: Path, version: str) -> None:
    """Adds the output to a file in place, after checking that the old outputs keep every bit; mends its sidecar."""
    model = onnx.load(str(path))
    names = [port.name for port in model.graph.output]
    shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim][1:]
    sidecar = json.loads(path.with_suffix(".json").read_text())
    width = expose(model)
    metadata = {key: value for key, value in sidecar.items() if key not in ("file", "bytes", "sha256")}
    metadata |= {"version": version, "outputs": sidecar["outputs"] | {OUTPUT: ["n", width]}}
    new = path.with_name(f"{path.stem}.new.onnx")
    try:
        onnxfile.describe(model, new, metadata)
        batch = np.random.default_rng(5).random([4, *shape], np.float32)
        low, high = sidecar["input"].get("range", (-23, 5))
        batch = (low + (high - low) * batch).astype(np.float32)
        for size in (1, 4):
            for before, after in zip(_outputs(path, batch[:size], names), _outputs(new, batch[:size], names), strict=True):
                if before.tobytes() != after.tobytes():
                    raise ValueError(f"{path.name} would answer otherwise with the new output: "
                                     f"difference up to {np.abs(before - after).max():.1e}.")
    finally:
        new.unlink(missing_ok=True)
        new.with_suffix(".json").unlink(missing_ok=True)
    onnxfile.describe(model, path, metadata)
    print(f"{path.name} {version}: {OUTPUT} [n, {width}]; {', '.join(names)} bit by bit as before.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="hypetrain.embedding", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("Models"))
    parser.add_argument("files", nargs="+", metavar="NAME=VERSION", help="a network in that folder and its new version")
    options = parser.parse_args()
    for text in options.files:
        name, _, version = text.partition("=")
        if not version:
            parser.error(f"'{text}' is not NAME=VERSION")
        upgrade(options.models / f"{name}.onnx", version)


if __name__ == "__main__":
    main()
