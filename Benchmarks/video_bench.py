#!/usr/bin/env python3
"""Times a VideoMAE net in the worker's path beside the bare runtime, in turns.

    Benchmarks/video_bench.py Training/runs/videomae/videomae-small-k400.onnx --threads 2 --rounds 20

Both sides run the same file in the same version of the runtime with the same number of threads; ours also makes numbers of bytes and
probabilities of logits. Needs `hypeclip-bench` (see Benchmarks/run) and a Python with the package openvino.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def runtime(path: str, threads: str) -> None:
    """The bare runtime: a line in, the milliseconds of one inference out."""
    os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16")  # see HypeInference/Processor.swift
    import numpy
    import openvino

    core = openvino.Core()
    model = core.read_model(path)
    shape = [1, *(dimension.get_length() for dimension in list(model.inputs[0].partial_shape)[1:])]
    model.reshape({0: openvino.PartialShape(shape)})
    request = core.compile_model(model, "CPU", {
        "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": "1",
        "ENABLE_CPU_PINNING": "NO"}).create_infer_request()
    clip = numpy.random.default_rng(0).standard_normal(shape, numpy.float32)
    request.set_input_tensor(openvino.Tensor(clip))
    request.infer()
    print("ready", flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        request.infer()
        print(1000 * (time.perf_counter() - begin), flush=True)


class Side:
    """A program that waits for its turn."""

    def __init__(self, command: list):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit(f"{command[0]} did not start.")
        self.times: list[float] = []

    def turn(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.times.append(float(self.process.stdout.readline()))

    def end(self) -> str:
        return self.process.communicate()[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a net that Training/run videomae exported")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--bench", type=pathlib.Path, default=ROOT / ".build/release/hypeclip-bench")
    parser.add_argument("--runtime", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.runtime:
        return runtime(options.model, str(options.threads))
    ours = Side([options.bench, "video", options.model, str(options.threads)])
    theirs = Side([sys.executable, __file__, options.model, "--threads", str(options.threads), "--runtime"])
    for number in range(options.rounds):
        for side in (ours, theirs) if number % 2 else (theirs, ours):
            side.turn()
    theirs.end()
    pairs = [a / b for a, b in zip(ours.times, theirs.times)]
    print(json.dumps({
        "model": pathlib.Path(options.model).stem, "threads": options.threads, "rounds": options.rounds,
        "milliseconds": {name: {"min": round(min(side.times), 1), "median": round(statistics.median(side.times), 1)}
                         for name, side in (("worker", ours), ("runtime", theirs))},
        "ratio": {"of minima": round(min(ours.times) / min(theirs.times), 4),
                  "median of pairs": round(statistics.median(pairs), 4)},
        "pictureMilliseconds": round(json.loads(ours.end())["pictureMilliseconds"], 2),
        "load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
