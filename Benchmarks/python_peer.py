#!/usr/bin/env python3
"""The peer: the same analysis as people build it in Python, with its times.

OpenCV decodes the recording; at 8 pictures a second of the whole recording BlazeFace finds the face in the camera's
part of the picture and the expression net reads it. ffmpeg extracts the sound; Silero VAD hears all of it, librosa
makes one log-mel spectrogram, and the voice net reads 2 s of it every 0.5 s where somebody speaks. Chat is counted
per second and compared with its moving mean. All nets run in OpenVINO's Python runtime in 32-bit floats, on the
same files that hypeclip uses.

Prints one JSON object: seconds per part, and how many times faster than real time the whole is.
"""

from __future__ import annotations

import os

os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16")  # some virtual machines announce AMX but lack it

import argparse  # noqa: E402
import collections  # noqa: E402
import json  # noqa: E402
import pathlib  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from typing import TYPE_CHECKING  # noqa: E402

if TYPE_CHECKING:
    import numpy as np
    import openvino

ROOT = pathlib.Path(__file__).resolve().parent.parent

RATE = 8.0
"""Pictures per second that are analysed."""

EYES = ((15.1, 18.8), (32.9, 18.8))
"""Where the expression net wants the right and the left eye, pixels of its 48×48 input."""

FACE_WEIGHTS = (0.85, 0.45, 0.85, 1.0, 0.15, 1.0, 0.0)
"""Arousal of angry, disgust, fear, happy, sad, surprise, neutral: hypeclip's own."""

FACE_THRESHOLD = 0.45


class Stopwatch:
    """Adds up wall-clock seconds per part."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = collections.defaultdict(float)
        self.last = time.perf_counter()

    def lap(self, part: str) -> None:
        """Books the time since the last lap to a part."""
        now = time.perf_counter()
        self.seconds[part] += now - self.last
        self.last = now


class FaceReader:
    """BlazeFace and the expression net."""

    def __init__(self, core: openvino.Core, models: pathlib.Path, wheel_models: pathlib.Path) -> None:
        import numpy as np

        self.detector = compiled(core, wheel_models / "face_detection_short_range.tflite")
        self.expression = compiled(core, models / "face-expression.onnx", {"face": [1, 1, 48, 48]})
        centres = []
        for stride, count in ((8, 2), (16, 6)):
            cells = 128 // stride
            for y in range(cells):
                for x in range(cells):
                    centres += [((x + 0.5) / cells, (y + 0.5) / cells)] * count
        self.anchors = np.array(centres, np.float32)

    def eyes(self, picture: np.ndarray) -> tuple[np.ndarray, float] | None:
        """The eyes of the surest face in an RGB picture, pixels, and its confidence; None where there is none."""
        import cv2
        import numpy as np

        height, width = picture.shape[:2]
        scale = 128 / max(height, width)
        small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
        square = np.zeros((128, 128, 3), np.float32)
        square[: small.shape[0], : small.shape[1]] = small / 127.5 - 1
        boxes, scores = self.detector(square[None]).values()
        best = int(scores[0, :, 0].argmax())
        confidence = 1 / (1 + float(np.exp(-np.clip(scores[0, best, 0], -100, 100))))
        if confidence < 0.5:
            return None
        points = boxes[0, best, 4:8].reshape(2, 2) / 128 + self.anchors[best]
        return points * 128 / scale, confidence

    def read(self, picture: np.ndarray, eyes: np.ndarray) -> np.ndarray:
        """Probabilities of the seven expressions."""
        import cv2
        import numpy as np

        (rx, ry), (lx, ly) = eyes
        turn = complex(EYES[1][0] - EYES[0][0], EYES[1][1] - EYES[0][1]) / complex(lx - rx, ly - ry)
        move = complex(*EYES[0]) - turn * complex(rx, ry)
        matrix = np.array([[turn.real, -turn.imag, move.real], [turn.imag, turn.real, move.imag]])
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        shrink = 1 / abs(turn)
        if shrink > 1.5:
            grey = cv2.GaussianBlur(grey, (0, 0), 0.4 * shrink)
        face = cv2.warpAffine(grey, matrix, (48, 48), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return softmax(self.expression(face[None, None].astype(np.float32))[0][0])


def compiled(
    core: openvino.Core, path: pathlib.Path, shapes: dict[str, list[int]] | None = None
) -> openvino.CompiledModel:
    """A net ready to run."""
    if not path.is_file():
        sys.exit(f"python_peer: {path} is missing; run Scripts/bootstrap, or name its folder")
    model = core.read_model(path)
    if shapes:
        model.reshape(shapes)
    return core.compile_model(model, "CPU")


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits."""
    import numpy as np

    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


def faces(video: str, camera: tuple[int, int, int, int] | None, reader: FaceReader, watch: Stopwatch) -> list[dict]:
    """Reads the expression at `RATE` through the whole recording."""
    import cv2

    capture = cv2.VideoCapture(video)
    if not capture.isOpened():
        sys.exit(f"python_peer: OpenCV cannot open {video}")
    rate = capture.get(cv2.CAP_PROP_FPS) or 30.0
    found, index, due = [], 0, 0.0
    watch.lap("startup")
    while capture.grab():
        moment = index / rate
        index += 1
        if moment + 1e-6 < due:
            continue
        due += 1 / RATE
        _, frame = capture.retrieve()
        if camera:
            x, y, w, h = camera
            frame = frame[y : y + h, x : x + w]
        picture = cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
        watch.lap("decode")
        eyes = reader.eyes(picture)
        watch.lap("face detection")
        if eyes is None:
            found.append({"time": moment, "score": None})
            continue
        scores = reader.read(picture, eyes[0])
        arousal = float(sum(w * p for w, p in zip(FACE_WEIGHTS, scores)))
        found.append(
            {"time": moment, "score": arousal / FACE_THRESHOLD / 2, "emotion": [round(float(p), 3) for p in scores]}
        )
        watch.lap("expression")
    watch.lap("decode")
    return found


def voices(
    video: str, core: openvino.Core, models: pathlib.Path, wheel_models: pathlib.Path, watch: Stopwatch
) -> list[dict]:
    """Speech, loudness and emotion every half second."""
    import librosa
    import numpy as np
    import soundfile

    vad = compiled(core, wheel_models / "silero_vad_openvino_16k.onnx")
    net = compiled(core, models / "voice-emotion.onnx", {"mel": [1, 1, 80, 197]})
    watch.lap("startup")
    with tempfile.NamedTemporaryFile(suffix=".wav") as wave:
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", video, "-vn", "-ac", "1", "-ar", "16000", wave.name]
        made = subprocess.run(command, check=False)
        if made.returncode != 0:
            return []
        samples, _ = soundfile.read(wave.name, dtype="float32")
    watch.lap("audio extraction")
    state, context = np.zeros((2, 1, 128), np.float32), np.zeros(64, np.float32)
    speech = np.zeros(len(samples) // 512, np.float32)
    for index in range(len(speech)):
        chunk = samples[index * 512 : (index + 1) * 512]
        out = net_outputs(vad, {"input": np.concatenate([context, chunk])[None], "state": state})
        speech[index], state, context = out[0][0, 0], out[1], chunk[-64:]
    watch.lap("voice activity")
    power = librosa.feature.melspectrogram(
        y=samples, sr=16_000, n_fft=512, hop_length=160, window="hann", center=False, n_mels=80, fmin=0, fmax=8_000
    )
    mel = np.log(np.maximum(power, 1e-10)).astype(np.float32)
    watch.lap("log-mel")
    observations = []
    for end in range(32_000, len(samples) + 1, 8_000):
        part = samples[end - 32_000 : end]
        spoken = float((speech[(end - 32_000) // 512 : end // 512] > 0.5).mean())
        level = float(10 * np.log10(np.mean(part**2) + 1e-10))
        entry = {"time": end / 16_000, "speech": round(spoken, 3), "level": round(level, 1)}
        if spoken >= 0.25:
            first = (end - 32_000) // 160
            logits, arousal, *_ = net_outputs(net, {"mel": mel[None, None, :, first : first + 197]})
            entry["emotion"] = [round(float(p), 3) for p in softmax(logits[0])]
            entry["arousal"] = round(float(arousal[0, 0]), 3)
        observations.append(entry)
    watch.lap("voice net")
    return observations


def net_outputs(net: openvino.CompiledModel, inputs: dict) -> list:
    """A net's outputs in their order."""
    result = net(inputs)
    return [result[port] for port in net.outputs]


def chat_scores(path: pathlib.Path, watch: Stopwatch) -> list[float]:
    """z-score of the messages in the last 10 s against the last 5 min, one per second."""
    import numpy as np

    comments = json.loads(path.read_text())["comments"]
    times = np.array([c["content_offset_seconds"] for c in comments])
    counts = np.histogram(times, np.arange(0, int(times.max()) + 2))[0] if len(times) else np.zeros(1)
    scores = []
    for second in range(len(counts)):
        window = counts[max(0, second - 9) : second + 1].sum()
        past = counts[max(0, second - 300) : max(1, second - 9)]
        mean, deviation = past.mean() * 10, max(1.0, past.std() * np.sqrt(10))
        scores.append(float((window - mean) / deviation))
    watch.lap("chat")
    return scores


def duration_of(video: str) -> float:
    """Length of the recording in seconds."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "default=nw=1:nk=1", video]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Reads the command line, analyses, prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", help="the recording")
    parser.add_argument("--chat", type=pathlib.Path, help="TwitchDownloader JSON")
    parser.add_argument(
        "--camera", help="x,y,w,h of the webcam in the picture; without it the whole picture is searched"
    )
    parser.add_argument("--models", type=pathlib.Path, default=ROOT / "Models", help="folder of our nets")
    parser.add_argument(
        "--wheel-models", type=pathlib.Path, default=ROOT / ".deps" / "models", help="folder of the others"
    )
    parser.add_argument("--threads", type=int, default=2, help="threads of OpenCV and of the nets (default 2)")
    parser.add_argument("--observations", type=pathlib.Path, metavar="FILE", help="write what was seen and heard here")
    arguments = parser.parse_args()
    camera = tuple(int(v) for v in arguments.camera.split(",")) if arguments.camera else None

    began = time.perf_counter()
    watch = Stopwatch()
    import cv2
    import openvino

    cv2.setNumThreads(arguments.threads)
    core = openvino.Core()
    core.set_property("CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": str(arguments.threads)})
    seconds = duration_of(arguments.video)
    reader = FaceReader(core, arguments.models, arguments.wheel_models)
    face = faces(arguments.video, camera, reader, watch)
    voice = voices(arguments.video, core, arguments.models, arguments.wheel_models, watch)
    chat = chat_scores(arguments.chat, watch) if arguments.chat else []
    total = time.perf_counter() - began
    usage = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "peer": "python",
                "recordingSeconds": round(seconds, 3),
                "wallSeconds": round(total, 3),
                "cpuSeconds": round(usage.ru_utime + usage.ru_stime + children.ru_utime + children.ru_stime, 3),
                "timesRealTime": round(seconds / total, 2),
                "peakMegabytes": round(usage.ru_maxrss / 1024),
                "parts": {name: round(value, 3) for name, value in watch.seconds.items()},
                "pictures": len(face),
                "facesFound": sum(f["score"] is not None for f in face),
                "voiceWindows": len(voice),
                "chatSeconds": len(chat),
                "versions": {"opencv": cv2.__version__, "openvino": openvino.__version__},
            }
        )
    )
    if arguments.observations:
        arguments.observations.write_text(json.dumps({"face": face, "voice": voice, "chat": chat}))


if __name__ == "__main__":
    main()
