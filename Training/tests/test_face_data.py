"""Every form in which faces may lie gives the same pictures and labels. Needs no data."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from hypetrain.face import data
from hypetrain.face.data import DataError
from hypetrain.labels import BASIC

COUNT = 21
LABELS = np.arange(COUNT) % 7
USAGE = np.arange(COUNT) // 7
IMAGES = np.random.default_rng(4).integers(0, 255, (COUNT, 48, 48), dtype=np.uint8)
NAMES = ("Training", "PublicTest", "PrivateTest")


def write_csv(path: Path, header: str = "emotion,pixels,Usage") -> Path:
    lines = [header]
    for image, label, usage in zip(IMAGES, LABELS, USAGE):
        cells = {"emotion": str(label), "pixels": " ".join(map(str, image.ravel())), "Usage": NAMES[usage]}
        lines.append(",".join(cells[column.strip()] for column in header.split(",")))
    path.write_text("\n".join(lines) + "\n")
    return path


class FaceDataTests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def check(self, source: Path) -> None:
        for split, code in data.SPLITS.items():
            faces = data.load(source, split)
            order = np.argsort(faces.labels)
            np.testing.assert_array_equal(faces.images[order], IMAGES[USAGE == code])
            np.testing.assert_array_equal(faces.labels[order], LABELS[USAGE == code])

    def test_an_archive_with_its_classes_in_another_order(self):
        names = np.array(["Neutral", "Anger", "disgust", "fear", "joy", "sad", "surprised"])
        path = self.folder / "faces.npz"
        np.savez(path, images=IMAGES, labels=(LABELS + 1) % 7, usage=USAGE, label_names=names)
        self.check(path)

    def test_both_spellings_of_the_table(self):
        self.check(write_csv(self.folder / "fer2013.csv"))
        self.check(write_csv(self.folder / "icml_face_data.csv", "emotion, Usage, pixels"))

    def test_votes_take_the_majority_and_leave_doubt_out(self):
        write_csv(self.folder / "fer2013.csv")
        columns = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"]
        rows = [["", "", *(["0"] * 10)] for _ in range(COUNT)]
        for row in rows:
            row[2 + 1] = "6"
            row[2 + 3] = "4"
        rows[0][2 + 9] = "9"
        rows[1][2 + 3] = "6"
        path = self.folder / "fer2013new.csv"
        path.write_text("\n".join([",".join(["Usage", "Image name", *columns]), *(",".join(row) for row in rows)]) + "\n")
        train = data.load(path, "train")
        np.testing.assert_array_equal(train.images, IMAGES[2:7])
        self.assertEqual(set(train.labels.tolist()), {BASIC.index("happy")})

    def test_votes_without_pictures_say_what_is_missing(self):
        path = self.folder / "fer2013new.csv"
        path.write_text("Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n"
                        ",,1,0,0,0,0,0,0,0,0,0\n")
        with self.assertRaisesRegex(DataError, "Put fer2013.csv beside it"):
            data.load(path, "train")

    def test_folders_of_pictures(self):
        for split, code in (("train", 0), ("val", 1), ("test", 2)):
            for image, label in zip(IMAGES[USAGE == code], LABELS[USAGE == code]):
                place = self.folder / split / ("Happiness" if BASIC[label] == "happy" else BASIC[label])
                place.mkdir(parents=True, exist_ok=True)
                Image.fromarray(image).save(place / "a.png")
        (self.folder / "train" / "contempt").mkdir()
        with contextlib.redirect_stdout(io.StringIO()):
            self.check(self.folder)

    def test_large_coloured_pictures_are_made_grey_and_small(self):
        place = self.folder / "train" / "sad"
        place.mkdir(parents=True)
        for index in range(60):
            Image.new("RGB", (130, 96), (4 * index, 4 * index, 4 * index)).save(place / f"{index}.png")
        faces, public = data.load(self.folder, "train"), data.load(self.folder, "public")
        self.assertEqual(len(faces.labels) + len(public.labels), 60)
        self.assertGreater(len(public.labels), 0)
        self.assertEqual(int(faces.images[0].min()), int(faces.images[0].max()))
        with self.assertRaisesRegex(DataError, "no 'private' pictures"):
            data.load(self.folder, "private")

    def test_training_pictures_that_are_also_tested_are_left_out(self):
        images = IMAGES.copy()
        images[14] = images[3]
        path = self.folder / "faces.npz"
        np.savez(path, images=images, labels=LABELS, usage=USAGE, label_names=np.array(BASIC))
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.assertEqual(len(data.load(path, "train").labels), 6)
        self.assertIn("Left out 1", printed.getvalue())

    def test_unpacked_pictures_are_the_same_again(self):
        source = write_csv(self.folder / "fer2013.csv")
        self.assertEqual(data.unpack(source, "private", self.folder / "out" / "test"), 7)
        data.unpack(source, "train", self.folder / "out" / "train")
        data.unpack(source, "public", self.folder / "out" / "val")
        self.check(self.folder / "out")

    def test_errors_say_what_to_do(self):
        table = self.folder / "table.csv"
        cases = {"emotion,pixels,Usage\n9,1 2,Training\n": "not 2304 numbers", "a,b\n1,2\n": "needs emotion",
                 "emotion,pixels,Usage\n1,1 2,Other\n": "none of Training"}
        for text, message in cases.items():
            table.write_text(text)
            data._read.cache_clear()
            with self.subTest(message), self.assertRaisesRegex(DataError, message):
                data.load(table, "train")
        (self.folder / "numbered" / "train" / "0").mkdir(parents=True)
        with self.assertRaisesRegex(DataError, "number the classes differently"):
            data.load(self.folder / "numbered", "train")
        with self.assertRaisesRegex(DataError, "not there"):
            data.load(self.folder / "nothing.npz", "train")


if __name__ == "__main__":
    unittest.main()
