#!/usr/bin/env python3
"""Brings what the demo maker needs under .deps/demo: numpy, Pillow, and a public-domain portrait.

Everything is pinned by hash; what is there already is left alone. Uses only the standard library and pip.
"""

from __future__ import annotations

import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent.parent / ".deps" / "demo"

PORTRAIT_WHEEL = ("scikit-image==0.26.0", "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af")
PORTRAIT_ENTRY = "skimage/data/astronaut.png"
"""NASA portrait of Eileen Collins (public domain), shipped as sample data of scikit-image."""

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")


def install_packages(target: pathlib.Path) -> None:
    """Installs numpy and Pillow into a folder of their own; no virtual environment, so python3-venv is not needed."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [*PIP, "install", "--no-deps", "--only-binary=:all:", "--require-hashes", "--target", str(fresh)]
    subprocess.run([*command, "-r", str(HERE / "requirements.txt")], check=True)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def install_portrait(target: pathlib.Path) -> None:
    """Takes the portrait out of scikit-image's wheel; the rest of the wheel is not installed."""
    requirement, digest = PORTRAIT_WHEEL
    with tempfile.TemporaryDirectory() as temporary:
        lines = pathlib.Path(temporary) / "requirements.txt"
        lines.write_text(f"{requirement} --hash=sha256:{digest}\n")
        command = [*PIP, "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        command += ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"]
        command += ["--platform", "manylinux_2_28_x86_64", "-d", temporary, "-r", str(lines)]
        subprocess.run(command, check=True)
        (wheel,) = pathlib.Path(temporary).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            target.write_bytes(archive.read(PORTRAIT_ENTRY))


def main() -> None:
    """Installs both parts unless the stamp says that they are there."""
    recipe = (HERE / "requirements.txt").read_bytes() + repr((PORTRAIT_WHEEL, sys.version_info[:2])).encode()
    stamp, wanted = TARGET / "stamp", hashlib.sha256(recipe).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Installing numpy, Pillow and the portrait under .deps/demo", file=sys.stderr, flush=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    install_packages(TARGET / "site")
    install_portrait(TARGET / "astronaut.png")
    stamp.write_text(wanted)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"prepare: pip could not bring a pinned wheel (exit {error.returncode}); check the network, run it again"
        )
