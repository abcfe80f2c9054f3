#!/usr/bin/env python3
"""The peer of `POST /predict`: the same models behind FastAPI, as people build it in Python.

A form with one `file`. OpenCV decodes the picture at 16 pictures a second, BlazeFace finds the face in each and the
expression net reads it; ffmpeg brings the sound to 16 kHz, Silero VAD hears all of it, librosa makes the log-mel
spectrogram, and the voice net reads the windows in which somebody speaks. Face and voice are averaged. All nets run in
OpenVINO's Python runtime in 32-bit floats, on the files that hypeclip uses, loaded and run once before the first
request. `?faces=0` leaves the picture out.

    PYTHONPATH=.deps/bench python3 Benchmarks/predict_peer.py --port 8000
"""

from __future__ import annotations

import os

os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16")  # some virtual machines announce AMX but lack it

import argparse  # noqa: E402
import pathlib  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import typing  # noqa: E402

import cv2  # noqa: E402
import fastapi  # noqa: E402
import librosa  # noqa: E402
import numpy as np  # noqa: E402
import openvino  # noqa: E402
import uvicorn  # noqa: E402
from python_peer import FaceReader, compiled, net_outputs, softmax  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATE = 16.0
"""Pictures per second that are read."""
EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
VOICE_EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "calm")


class Service:
    """The loaded nets; one request at a time uses them."""

    def __init__(self, threads: int) -> None:
        cv2.setNumThreads(threads)
        core = openvino.Core()
        core.set_property("CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": str(threads)})
        models, wheel_models = ROOT / "Models", ROOT / ".deps" / "models"
        self.faces = FaceReader(core, models, wheel_models)
        self.speech = compiled(core, wheel_models / "silero_vad_openvino_16k.onnx")
        self.voice = compiled(core, models / "voice-emotion.onnx", {"mel": [1, 1, 80, 197]})
        grey = np.full((180, 320, 3), 128, np.uint8)
        self.faces.eyes(grey)
        self.faces.read(grey, np.array([[100.0, 80.0], [160.0, 80.0]]))
        noise = np.random.default_rng(1).normal(0, 0.1, 32_000).astype(np.float32)
        self.hears_speech(noise)
        self.read_voice(noise)

    def read_faces(self, path: str) -> np.ndarray | None:
        """Mean probabilities of the seven expressions; None where no face is."""
        capture = cv2.VideoCapture(path)
        rate = capture.get(cv2.CAP_PROP_FPS) or 30.0
        scores, index, due = [], 0, 0.0
        while capture.grab():
            moment = index / rate
            index += 1
            if moment + 1e-6 < due:
                continue
            due += 1 / RATE
            _, frame = capture.retrieve()
            picture = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
            eyes = self.faces.eyes(picture)
            if eyes is not None:
                scores.append(self.faces.read(picture, eyes[0]))
        capture.release()
        return np.mean(scores, axis=0) if scores else None

    def hears_speech(self, samples: np.ndarray) -> bool:
        """Whether somebody speaks."""
        state, context = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32)
        speech = []
        for index in range(len(samples) // 512):
            chunk = samples[index * 512 : (index + 1) * 512]
            out = net_outputs(self.speech, {"input": np.concatenate([context, chunk])[None], "state": state})
            state, context = out[1], chunk[-64:]
            speech.append(out[0][0, 0])
        return any(value > 0.5 for value in speech)

    def read_voice(self, samples: np.ndarray) -> np.ndarray | None:
        """Mean probabilities of the emotions."""
        if len(samples) < 32_000:
            samples = np.pad(samples, (0, 32_000 - len(samples)))
        samples = samples / max(1e-4, float(np.abs(samples).max()))
        power = librosa.feature.melspectrogram(
            y=samples, sr=16_000, n_fft=512, hop_length=160, window="hann", center=False, n_mels=80, fmin=0, fmax=8_000
        )
        mel = np.log(np.maximum(power, 1e-10)).astype(np.float32)
        scores = []
        for end in range(32_000, len(samples) + 1, 8_000):
            first = (end - 32_000) // 160
            if mel.shape[1] < first + 197:
                break
            logits, *_ = net_outputs(self.voice, {"mel": mel[None, None, :, first : first + 197]})
            scores.append(softmax(logits[0]))
        return np.mean(scores, axis=0) if scores else None

    def predict(self, path: str, faces: bool) -> dict:
        """The answer for a file."""
        face = self.read_faces(path) if faces else None
        command = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-vn", "-ac", "1", "-ar", "16000", "-f", "f32le", "-"]
        sound = subprocess.run(command, check=False, capture_output=True)
        samples = np.frombuffer(sound.stdout, np.float32)
        voice = self.read_voice(samples) if sound.returncode == 0 and self.hears_speech(samples) else None
        parts = []
        if face is not None:
            parts.append(dict(zip(EMOTIONS, map(float, face), strict=True)))
        if voice is not None:
            heard = dict(zip(VOICE_EMOTIONS, map(float, voice), strict=True))
            heard["neutral"] += heard.pop("calm")
            parts.append(heard)
        if not parts:
            raise fastapi.HTTPException(422, "neither a face nor a voice")
        emotion = {name: sum(part[name] for part in parts) / len(parts) for name in EMOTIONS}
        return {"emotion": emotion, "dominant_emotion": max(emotion, key=emotion.__getitem__)}


def application(service: Service) -> fastapi.FastAPI:
    """The routes."""
    app = fastapi.FastAPI()

    @app.post("/predict")
    def predict(file: typing.Annotated[fastapi.UploadFile, fastapi.File()], faces: int = 1) -> dict:
        with tempfile.NamedTemporaryFile(suffix=pathlib.Path(file.filename or "").suffix) as copy:
            copy.write(file.file.read())
            copy.flush()
            return service.predict(copy.name, faces == 1)

    @app.get("/health")
    def health() -> dict:
        return {"status": "ok"}

    return app


def main() -> None:
    """Reads the command line and serves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2, help="threads of OpenCV and of the nets (default 2)")
    arguments = parser.parse_args()
    app = application(Service(arguments.threads))
    uvicorn.run(app, host="127.0.0.1", port=arguments.port, log_level="warning", loop="uvloop", http="httptools")


if __name__ == "__main__":
    main()
