"""File-name rules, sexes, resampling and manifests of people's own corpora, on tiny generated files."""

import csv
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np

from hypetrain import corpora

NAMES = {
    "ravdess": {"Actor_02/03-01-06-02-01-02-02.wav": ("fear", "ravdess-02", "female"),
                "Actor_01/03-01-02-01-01-01-01.wav": ("calm", "ravdess-01", "male"),
                "Actor_01/03-02-02-01-01-01-01.wav": None},
    "tess": {"OAF_Fear/OAF_back_fear.wav": ("fear", "tess-OAF", "female"),
             "YAF_pleasant_surprised/YAF_back_ps.wav": ("surprise", "tess-YAF", "female"),
             "OAF_neutral/OA_bite_neutral.wav": ("neutral", "tess-OAF", "female"),
             "YAF_back.wav": None},
    "crema-d": {"AudioWAV/1001_DFA_ANG_XX.wav": ("angry", "crema-1001", "male"),
                "AudioWAV/1002_IEO_SAD_HI.wav": ("sad", "crema-1002", ""),
                "AudioWAV/1002_IEO_JOY_HI.wav": None},
    "savee": {"DC_su03.wav": ("surprise", "savee-DC", "male"), "JE/sa01.wav": ("sad", "savee-JE", "male"),
              "JE/s01.wav": None, "XX/sa01.wav": None},
    "emodb": {"wav/03a01Fa.wav": ("happy", "emodb-03", "male"), "wav/16b10Lb.wav": ("boredom", "emodb-16", "female"),
              "wav/03a01Xa.wav": None},
    "enterface05": {"subject 1/anger/sentence 1/s1_an_1.avi": ("angry", "enterface05-1", ""),
                    "subject 3/happiness/s_3_ha_1.avi": ("happy", "enterface05-3", ""),
                    "subject 1/Thumbs.avi": None},
}


SHARED = Path(__file__).resolve().parents[2] / "Tests/HypeEvaluationTests/Fixtures/names.csv"
"""Names and what they say; the tests of ``hypeclip evaluate`` read the same list."""


class NameTests(unittest.TestCase):
    def test_the_list_that_swift_reads_holds_here_too(self):
        with SHARED.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        self.assertGreater(len(rows), 50)
        self.assertEqual({row["corpus"] for row in rows}, set(corpora.RULES))
        for row in rows:
            with self.subTest(row["path"], corpus=row["corpus"]):
                path = Path(row["path"])
                known = path.suffix.lower() in corpora.EXTENSIONS
                sign = corpora.RULES[row["corpus"]](path) if known else None
                said = (sign.emotion, sign.speaker, sign.sex, bool(sign.fault)) if sign else ("", "", "", False)
                self.assertEqual(said, (row["emotion"], row["speaker"], row["sex"], row["known"] == "fault"))

    def test_broken_clips_copies_and_other_forms_are_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            names = ["AudioWAV/1076_MTI_SAD_XX.wav", "AudioWAV/1076_MTI_HAP_XX.wav", "AudioMP3/1076_MTI_HAP_XX.mp3",
                     "VideoFlash/1076_MTI_HAP_XX.flv", "copy/1076_MTI_HAP_XX.wav", "__MACOSX/1001_DFA_ANG_XX.wav"]
            for name in names:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).touch()
            found = [str(item.path.relative_to(root)) for item in corpora.folder("crema-d", root)]
            self.assertEqual(found, ["AudioWAV/1076_MTI_HAP_XX.wav"])

    def test_names_say_emotion_speaker_and_sex(self):
        for corpus, names in NAMES.items():
            with self.subTest(corpus), tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                for name in names:
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    (root / name).touch()
                (root / "readme.txt").touch()
                if corpus == "crema-d":
                    (root / "VideoDemographics.csv").write_text("ActorID,Age,Sex,Race,Ethnicity\n1001,51,Male,x,y\n")
                found = {str(item.path.relative_to(root)): (item.emotion, item.speaker, item.sex)
                         for item in corpora.folder(corpus, root)}
                self.assertEqual(found, {name: said for name, said in names.items() if said})

    def test_an_unknown_corpus_or_an_empty_folder_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            for corpus in ("iemocap", "savee"):
                with self.assertRaises(ValueError):
                    corpora.folder(corpus, Path(folder))

    def test_a_manifest_needs_only_path_and_emotion(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mine.csv"
            path.write_text("path,emotion\na.wav,happy\nb.wav,sad\n")
            items = corpora.manifest(path)
            self.assertEqual([(i.path, i.corpus, i.emotion) for i in items],
                             [(Path(folder) / "a.wav", "own", "happy"), (Path(folder) / "b.wav", "own", "sad")])
            self.assertNotEqual(items[0].speaker, items[1].speaker)
            path.write_text("file,label\na.wav,happy\n")
            with self.assertRaises(ValueError):
                corpora.manifest(path)


class SampleTests(unittest.TestCase):
    def tone(self, folder: str, name: str, rate: int, channels: int) -> Path:
        import soundfile

        path = Path(folder) / name
        wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
        soundfile.write(path, np.repeat(wave[:, None], channels, 1), rate)
        return path

    def check(self, samples: np.ndarray) -> None:
        self.assertEqual(samples.dtype, np.float32)
        self.assertAlmostEqual(len(samples), 16_000, delta=20)
        spectrum = np.abs(np.fft.rfft(samples[1000:9000] * np.hanning(8000)))
        self.assertAlmostEqual(spectrum.argmax() * 2, 440, delta=2)
        self.assertAlmostEqual(float(np.abs(samples[1000:15000]).max()), 0.5, delta=0.02)

    def test_any_rate_and_channels_become_16_khz_mono(self):
        with tempfile.TemporaryDirectory() as folder:
            for rate, channels in ((16_000, 1), (44_100, 1), (48_000, 2), (8_000, 1)):
                self.check(corpora.samples(self.tone(folder, f"{rate}.wav", rate, channels)))

    def test_films_are_decoded_with_ffmpeg(self):
        if not shutil.which("ffmpeg"):
            self.skipTest("needs the ffmpeg command")
        import subprocess

        with tempfile.TemporaryDirectory() as folder:
            source, film = self.tone(folder, "a.wav", 44_100, 2), Path(folder) / "s1_an_1.avi"
            subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=size=32x32:duration=1", "-i", source,
                            "-c:v", "mjpeg", "-c:a", "pcm_s16le", film], check=True)
            self.check(corpora.samples(film))

    def test_a_file_that_is_no_sound_is_an_error_with_its_name(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "broken.wav"
            path.write_bytes(b"nothing")
            with self.assertRaisesRegex(RuntimeError, "broken.wav"):
                corpora.samples(path)


if __name__ == "__main__":
    unittest.main()
