"""The pictures of the model cards are well-formed, deterministic and say what they show. Needs no data."""

import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from hypetrain import metrics, plots

NAMES = ("angry", "happy", "n<0>")
SVG = "{http://www.w3.org/2000/svg}"


def figures() -> dict:
    random = np.random.default_rng(3)
    labels = random.integers(0, 3, 400)
    probabilities = metrics.softmax(random.standard_normal((400, 3)) + 2 * np.eye(3)[labels])
    return {"confusion": metrics.confusion(labels, probabilities.argmax(1), 3).tolist(),
            "reliability": metrics.reliability(probabilities, labels), "ece": metrics.ece(probabilities, labels),
            "abstention": metrics.abstention(probabilities, labels, (0.0, 0.4, 0.6, 0.8, 1.1))}


class PlotTests(unittest.TestCase):
    def test_three_pictures_are_written_and_embedded(self):
        with tempfile.TemporaryDirectory() as folder:
            markdown = plots.write(Path(folder), "net", figures(), NAMES, 0.6, "made-up data")
            for kind in ("confusion", "reliability", "abstention"):
                self.assertIn(f"](net-{kind}.svg)", markdown)
                root = ElementTree.fromstring((Path(folder) / f"net-{kind}.svg").read_text(encoding="utf-8"))
                self.assertEqual(root.get("role"), "img")
                self.assertIn("made-up data", root.find(f"{SVG}title").text)
                self.assertTrue(root.find(f"{SVG}desc").text)
                self.assertIn("prefers-color-scheme: dark", root.find(f"{SVG}style").text)

    def test_the_same_figures_give_the_same_bytes(self):
        first, second = (plots.confusion(np.array(figures()["confusion"]), NAMES, "x") for _ in range(2))
        self.assertEqual(first, second)

    def test_a_confusion_shows_shares_of_rows_and_survives_an_empty_class(self):
        counts = np.array([[3, 1, 0], [0, 0, 0], [0, 0, 5]])
        words = [t.text for t in ElementTree.fromstring(plots.confusion(counts, NAMES, "x")).iter(f"{SVG}text")]
        self.assertIn("75", words)
        self.assertIn("25", words)
        self.assertIn("100", words)
        self.assertIn("n<0>", words)

    def test_points_stay_inside_the_picture(self):
        root = ElementTree.fromstring(plots.abstention(figures()["abstention"], 0.6, "x"))
        width, height = float(root.get("width")), float(root.get("height"))
        dots = list(root.iter(f"{SVG}circle"))
        self.assertEqual(len(dots), 4, "a threshold that nothing reaches has no point")
        for dot in dots:
            self.assertTrue(0 < float(dot.get("cx")) < width and 0 < float(dot.get("cy")) < height)


if __name__ == "__main__":
    unittest.main()
