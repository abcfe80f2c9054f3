"""A portrait whose expression can be set: landmark warps of one photograph.

The photograph is `astronaut.png` of scikit-image (Eileen Collins, NASA portrait S92-50097, public domain). Its
landmarks were measured once with MediaPipe's Face Mesh and are constants here, because the file is hash-pinned.

The warp is layered, as a face is: everything above the mouth line follows the skull and the upper lip, everything
below follows the jaw, and the gap between the lips shows the teeth (which stay with the skull) before a dark mouth.
Each layer is a thin-plate spline from the wanted landmark positions back to the photograph.
"""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
from typing import List, Tuple

import numpy as np
from PIL import Image, ImageFilter

Points = List[Tuple[float, float]]
"""Positions in the photograph: x, y in pixels."""

DEFAULT = pathlib.Path(__file__).resolve().parents[3] / ".deps" / "demo" / "astronaut.png"
DIGEST = "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"

WIDTH, HEIGHT = 640, 480
"""Size of a rendered sprite in pixels: twice the webcam inset, so that head motion can sample it without blur."""

CROP = (99.0, 5.0, 352.0, 194.75)
"""Part of the photograph that the webcam shows: left, top, right, bottom in photograph pixels."""

SCALE = WIDTH / (CROP[2] - CROP[0])

EYES = ((203.0, 102.0), (246.7, 104.0))
"""Eye centres in photograph pixels: the subject's right eye (left in the picture) and left eye."""

# fmt: off
FIXED = [  # face oval without the jaw, and the nose bridge: they belong to the skull
    (227.1, 69.6), (240.3, 70.5), (251.4, 72.7), (261.5, 76.9), (267.6, 83.0), (271.0, 90.5), (272.6, 98.1),
    (272.6, 107.6), (271.2, 116.6), (269.8, 125.8), (180.0, 131.3), (179.3, 121.4), (179.1, 112.2), (178.9, 103.2),
    (179.9, 93.8), (182.3, 86.3), (186.3, 79.2), (192.7, 73.8), (202.8, 70.5), (213.9, 69.3),
    (224.9, 100.7), (224.5, 106.2), (224.1, 111.3), (223.7, 116.0), (223.3, 121.1), (222.8, 127.3), (222.6, 131.7),
    (222.7, 134.5), (210.0, 130.2), (236.0, 131.5),
    (193.8, 101.2), (213.0, 104.0), (256.3, 104.5), (236.7, 105.3),
]
JAW = [  # oval from the left ear over the chin to the right ear, then the chin itself
    (267.8, 135.7), (264.2, 145.9), (259.4, 154.1), (254.2, 160.3), (247.4, 166.0), (241.8, 170.2), (236.0, 174.0),
    (229.1, 176.5), (220.5, 177.0), (212.2, 175.6), (205.9, 172.4), (200.8, 168.0), (196.1, 163.2), (190.2, 157.0),
    (185.9, 150.4), (182.2, 141.8),
    (221.8, 159.9), (221.5, 164.3), (202.8, 154.0), (242.0, 155.9), (200.9, 158.2), (243.2, 160.4),
]
BROWS = [
    (186.9, 91.2), (190.8, 87.6), (197.2, 85.9), (205.5, 86.8), (215.2, 88.5), (189.1, 93.3), (192.9, 90.5),
    (198.5, 89.4), (206.1, 90.3), (216.3, 94.1),
    (265.0, 95.0), (261.2, 90.8), (254.8, 88.5), (246.1, 88.5), (236.1, 89.3), (262.3, 96.8), (258.6, 93.5),
    (253.0, 91.9), (245.1, 92.0), (234.3, 94.9),
]
UPPER_LIDS = [
    (196.0, 99.6), (198.2, 98.4), (202.0, 97.9), (205.7, 98.4), (209.3, 100.2),
    (254.2, 102.6), (252.0, 101.1), (248.3, 100.2), (244.6, 100.4), (240.8, 101.9),
]
LOWER_LIDS = [
    (197.2, 103.1), (199.8, 103.9), (203.5, 104.5), (207.0, 104.5), (210.3, 104.3),
    (252.6, 106.1), (249.9, 106.7), (246.1, 106.9), (242.6, 106.6), (239.3, 105.9),
]
CHEEKS = [
    (194.4, 126.7), (252.8, 129.5), (189.4, 120.5), (258.5, 123.7), (202.0, 122.8), (245.4, 124.9),
    (188.9, 110.9), (260.2, 114.4),
]
FOLDS = [
    (200.0, 131.3), (246.8, 133.6), (196.1, 134.6), (250.8, 137.2), (190.4, 132.4), (256.4, 135.5),
]
UPPER_OUTER = [
    (202.5, 138.4), (205.6, 138.5), (209.5, 138.6), (216.0, 139.0), (222.6, 140.1), (229.6, 139.6), (236.5, 139.9),
    (240.9, 140.2), (244.4, 140.4),
]
LOWER_OUTER = [
    (203.3, 143.7), (206.4, 148.0), (210.5, 152.0), (215.8, 154.6), (222.1, 155.7), (228.8, 155.2), (234.6, 153.1),
    (239.5, 149.5), (243.2, 145.5),
]
UPPER_INNER = [
    (206.0, 139.5), (209.0, 139.9), (212.6, 140.7), (217.1, 141.6), (222.7, 142.3), (228.7, 142.2), (233.4, 141.6),
    (237.4, 141.2), (240.8, 141.0),
]
LOWER_INNER = [
    (206.5, 143.9), (208.9, 145.9), (212.5, 148.0), (217.1, 149.6), (222.5, 150.4), (228.3, 150.2), (233.2, 149.0),
    (237.3, 147.1), (240.0, 145.4),
]
CORNERS = [(203.0, 140.1), (244.0, 141.8)]
AROUND = [  # hair, ears, neck and collar: nothing there moves with the expression
    (150.0, 60.0), (170.0, 30.0), (225.0, 18.0), (280.0, 30.0), (300.0, 60.0), (300.0, 100.0), (150.0, 100.0),
    (160.0, 150.0), (290.0, 150.0), (178.0, 182.0), (225.0, 192.0), (262.0, 182.0), (165.0, 125.0), (284.0, 125.0),
]
# fmt: on

REGION = (160, 66, 292, 194)
"""Part of the photograph that the expression changes: left, top, right, bottom."""


class WrongPortrait(RuntimeError):
    """The photograph is missing or is not the one that the landmarks belong to."""


def find(path: pathlib.Path | None = None) -> pathlib.Path:
    """The photograph at `path`, or where `Scripts/demo/python` puts it; checked by its SHA-256."""
    path = path or DEFAULT
    if not path.is_file():
        raise WrongPortrait(f"{path} is missing; run this script by Scripts/demo/python, which brings it")
    if hashlib.sha256(path.read_bytes()).hexdigest() != DIGEST:
        raise WrongPortrait(f"{path} is not the expected photograph; delete it and run Scripts/demo/prepare.py")
    return path


@dataclasses.dataclass(frozen=True)
class Expression:
    """What the face does; every value is in 0…1."""

    joy: float = 0.0
    surprise: float = 0.0
    mouth: float = 0.0
    blink: float = 0.0

    def quantised(self, levels: int = 6) -> Expression:
        """The nearest of a few steps, so that sprites can be reused."""
        return Expression(*(round(min(1.0, max(0.0, v)) * levels) / levels for v in dataclasses.astuple(self)))


@dataclasses.dataclass(frozen=True)
class MouthShape:
    """The lips as four curves over one axis from corner (-1) to corner (+1), in photograph pixels."""

    half_width: float
    middle: float  # height of the closed line at the centre
    corner: float  # height of the corners, relative to `middle` (negative is up: a smile)
    gap_up: float  # upper inner lip above `middle`
    gap_down: float  # lower inner lip below `middle`
    upper_lip: float
    lower_lip: float

    def mixed(self, other: MouthShape, weight: float) -> MouthShape:
        """This shape moved towards another by `weight`."""
        a, b = dataclasses.astuple(self), dataclasses.astuple(other)
        return MouthShape(*(x + (y - x) * weight for x, y in zip(a, b)))


CALM = MouthShape(18.4, 149.2, 2.8, 0.0, 0.0, 4.0, 5.4)
JOY = MouthShape(22.4, 144.4, -3.9, 2.4, 6.2, 3.0, 5.2)
SURPRISE = MouthShape(14.0, 148.5, 0.0, 6.5, 11.5, 4.2, 5.6)
CENTRE_X = 222.9
TILT = 0.04
"""Slope of the mouth axis in the photograph: the head leans a little."""


def axis(points: Points) -> np.ndarray:
    """Position of lip landmarks along the mouth, -1…1 from corner to corner."""
    return np.clip((np.asarray(points)[:, 0] - CENTRE_X) / 21.3, -1.0, 1.0)


def curve(shape: MouthShape, u: np.ndarray, which: str) -> np.ndarray:
    """Landmark positions `[n, 2]` of one lip curve at the axis positions `u`."""
    x = CENTRE_X + u * shape.half_width
    line = shape.middle + shape.corner * u**2 + TILT * (x - CENTRE_X)
    arch = np.maximum(1.0 - u**2, 0.0) ** (0.75 if shape.gap_down > 8.0 else 0.9)
    thickness = np.maximum(1.0 - u**2, 0.0) ** 0.7
    y = {
        "upper_inner": line - shape.gap_up * arch,
        "lower_inner": line + shape.gap_down * arch,
        "upper_outer": line - shape.gap_up * arch - shape.upper_lip * thickness,
        "lower_outer": line + shape.gap_down * arch + shape.lower_lip * thickness,
    }[which]
    return np.stack([x, y], axis=1)


def spline(targets: np.ndarray, sources: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """Thin-plate spline through `targets` → `sources`, evaluated at `grid` `[n, 2]`.

    A little stiffness keeps close landmarks from folding the map.
    """
    count = len(targets)
    difference = targets[:, None, :] - targets[None, :, :]
    square = (difference**2).sum(-1)
    kernel = square * np.log(square + 1e-9) + 0.5 * np.eye(count)
    affine = np.concatenate([np.ones((count, 1)), targets], axis=1)
    system = np.zeros((count + 3, count + 3))
    system[:count, :count] = kernel
    system[:count, count:] = affine
    system[count:, :count] = affine.T
    right = np.zeros((count + 3, 2))
    right[:count] = sources - targets
    weights = np.linalg.solve(system, right).astype(np.float32)
    grid = grid.astype(np.float32)
    points = targets.astype(np.float32)
    square = (grid[:, None, 0] - points[None, :, 0]) ** 2 + (grid[:, None, 1] - points[None, :, 1]) ** 2
    bent = (square * np.log(square + 1e-9)) @ weights[:count]
    return grid + bent + weights[count] + grid @ weights[count + 1 :]


def sample(image: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bilinear samples of a float image `[h, w, 3]`; positions beyond the edge repeat it."""
    height, width = image.shape[:2]
    x = np.clip(x, 0, width - 1.001)
    y = np.clip(y, 0, height - 1.001)
    column, row = x.astype(np.int32), y.astype(np.int32)
    fx, fy = (x - column)[..., None], (y - row)[..., None]
    flat = image.reshape(-1, 3)
    index = row * width + column
    top = flat[index] * (1 - fx) + flat[index + 1] * fx
    bottom = flat[index + width] * (1 - fx) + flat[index + width + 1] * fx
    return top * (1 - fy) + bottom * fy


UPPER_LIP, LOWER_LIP = np.array([158.0, 92.0, 90.0]), np.array([186.0, 112.0, 108.0])
UNDER_LIP, MOUTH_LINE = np.array([168.0, 120.0, 100.0]), np.array([84.0, 40.0, 40.0])
LID_COLOUR = np.array([196.0, 152.0, 128.0])
"""Colours of what the warp alone cannot show: lips at rest, the shadow under them, a closed eyelid."""


class Portrait:
    """Renders sprites of the face."""

    def __init__(self, photograph: pathlib.Path) -> None:
        with Image.open(photograph) as image:
            self.base: np.ndarray = np.asarray(
                image.convert("RGB").resize((WIDTH, HEIGHT), Image.BICUBIC, box=CROP), dtype=np.float32
            )
        self.relaxed = self._without_folds()
        left, top = self._pixel(REGION[0], REGION[1])
        right, bottom = self._pixel(REGION[2], REGION[3])
        self.box = (int(left), int(top), int(min(right, WIDTH)), int(min(bottom, HEIGHT)))

    @staticmethod
    def _pixel(x: float, y: float) -> tuple[float, float]:
        return (x - CROP[0]) * SCALE, (y - CROP[1]) * SCALE

    def _soft_spots(self, spots: Points, radius: float) -> np.ndarray:
        """A mask `[h, w, 1]` that is 1 at the spots and fades out."""
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        mask = np.zeros((HEIGHT, WIDTH), np.float32)
        for spot in spots:
            px, py = self._pixel(*spot)
            mask = np.maximum(mask, np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * (radius * SCALE) ** 2)))
        return mask[..., None]

    def _without_folds(self) -> np.ndarray:
        """The photograph without the smile's folds and the shine of raised cheeks, which would betray a calm face."""
        lines = []
        for start, end in (
            ((206.0, 127.5), (195.5, 140.0)),
            ((240.5, 129.0), (252.0, 142.0)),
            ((195.5, 140.0), (197.0, 146.0)),
            ((252.0, 142.0), (250.0, 148.0)),
            ((194.5, 106.5), (210.0, 108.5)),
            ((240.0, 109.0), (256.0, 109.0)),
        ):
            lines += [tuple(np.asarray(start) + (np.asarray(end) - start) * t) for t in np.linspace(0, 1, 9)]
        lines_mask = self._soft_spots(lines, 1.9) * 0.9
        cheeks_mask = (
            self._soft_spots([(193, 119), (197, 123), (250, 122), (254, 126), (190, 127), (256, 131)], 5.5) * 0.85
        )
        picture = Image.fromarray(self.base.astype(np.uint8))
        quarter = picture.resize((WIDTH // 4, HEIGHT // 4), Image.BOX).filter(ImageFilter.MedianFilter(7))
        smooth = quarter.resize(picture.size, Image.BICUBIC).filter(ImageFilter.GaussianBlur(6))
        smooth = np.asarray(smooth, np.float32)
        lighter = np.maximum(smooth, self.base * 0.35 + smooth * 0.65)
        flat = quarter.resize(picture.size, Image.BICUBIC).filter(ImageFilter.GaussianBlur(14))
        relaxed = self.base * (1 - lines_mask) + lighter * lines_mask
        return relaxed * (1 - cheeks_mask) + np.asarray(flat, np.float32) * cheeks_mask

    def _targets(self, expression: Expression, shape: MouthShape) -> dict[str, np.ndarray]:
        """Where each group of landmarks goes, photograph pixels."""
        joy, surprise = expression.joy, expression.surprise
        jaw_drop = min(9.0, max(0.0, shape.gap_down - 6.2) * 0.75) - 0.6 * (1 - joy) * (1 - surprise)

        jaw = np.asarray(JAW, np.float64)
        share = np.clip((jaw[:, 1] - 133.0) / 38.0, 0.0, 1.0)
        jaw[:, 1] += jaw_drop * share

        brows = np.asarray(BROWS, np.float64)
        inner = np.exp(-(((np.abs(brows[:, 0] - 225.5)) - 12.0) ** 2) / 160.0)
        brows[:, 1] += 0.3 - 5.2 * surprise * (0.7 + 0.3 * inner) - 1.2 * joy

        upper, lower = np.asarray(UPPER_LIDS, np.float64), np.asarray(LOWER_LIDS, np.float64)
        arch = np.array([0.5, 0.9, 1.0, 0.9, 0.5] * 2)
        wide = -0.9 * (1 - joy) * (1 - surprise) + 2.0 * surprise - 0.3 * joy
        upper[:, 1] -= wide * arch
        lower[:, 1] += (0.6 * surprise - 0.9 * joy + 0.4 * (1 - joy)) * arch

        cheeks = np.asarray(CHEEKS, np.float64)
        relax = (1 - joy) * np.array([1, 1, 0.8, 0.8, 0.6, 0.6, 0.2, 0.2])
        cheeks[:, 1] += 2.0 * relax + 1.2 * surprise * relax
        cheeks[:, 1] -= 1.2 * joy * np.array([1, 1, 1, 1, 1, 1, 0.4, 0.4])

        folds = np.asarray(FOLDS, np.float64)
        folds[:, 1] += 2.4 * (1 - joy) + 1.5 * surprise
        folds[:, 0] += np.sign(CENTRE_X - folds[:, 0]) * (1.6 * (1 - joy) + 1.6 * surprise)

        corners = curve(shape, np.array([-1.0, 1.0]), "upper_inner")
        return {
            "jaw": jaw,
            "brows": brows,
            "upper": upper,
            "lower": lower,
            "cheeks": cheeks,
            "folds": folds,
            "corners": corners,
        }

    def render(self, expression: Expression) -> np.ndarray:
        """One sprite `[HEIGHT, WIDTH, 3]`, bytes."""
        shape = CALM.mixed(JOY, expression.joy).mixed(SURPRISE, expression.surprise)
        shape = dataclasses.replace(
            shape,
            gap_up=shape.gap_up + 0.9 * expression.mouth,
            gap_down=shape.gap_down + (8.0 - 3.5 * expression.surprise) * expression.mouth,
            half_width=shape.half_width - 1.2 * expression.mouth,
        )
        targets = self._targets(expression, shape)
        shared = [
            (FIXED, np.asarray(FIXED)),
            (AROUND, np.asarray(AROUND)),
            (JAW, targets["jaw"]),
            (BROWS, targets["brows"]),
            (UPPER_LIDS, targets["upper"]),
            (LOWER_LIDS, targets["lower"]),
            (CHEEKS, targets["cheeks"]),
            (FOLDS, targets["folds"]),
            (CORNERS, targets["corners"]),
        ]
        above = shared + [
            (UPPER_OUTER, curve(shape, axis(UPPER_OUTER), "upper_outer")),
            (UPPER_INNER, curve(shape, axis(UPPER_INNER), "upper_inner")),
        ]
        below = shared + [
            (LOWER_OUTER, curve(shape, axis(LOWER_OUTER), "lower_outer")),
            (LOWER_INNER, curve(shape, axis(LOWER_INNER), "lower_inner")),
        ]

        left, top, right, bottom = self.box
        y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
        photo_x, photo_y = x / SCALE + CROP[0], y / SCALE + CROP[1]
        texture = self.base * expression.joy + self.relaxed * (1 - expression.joy)
        upper_layer = sample(texture, *self._field(above, x.shape))
        lower_layer = sample(texture, *self._field(below, x.shape))

        u = np.linspace(-1.0, 1.0, 41)
        upper_curve, lower_curve = curve(shape, u, "upper_inner"), curve(shape, u, "lower_inner")
        upper_y = np.interp(photo_x, upper_curve[:, 0], upper_curve[:, 1])
        lower_y = np.interp(photo_x, lower_curve[:, 0], lower_curve[:, 1])
        outside = np.maximum(0.0, np.abs(photo_x - CENTRE_X) - shape.half_width)
        softness = 0.35 + 0.6 * outside
        lower_share = np.clip((photo_y - (upper_y + lower_y) / 2) / softness + 0.5, 0.0, 1.0)[..., None]
        face = upper_layer * (1 - lower_share) + lower_layer * lower_share

        gap = np.clip((photo_y - upper_y) / 0.6 + 0.5, 0, 1) * np.clip((lower_y - photo_y) / 0.6 + 0.5, 0, 1)
        gap = (gap * (lower_y - upper_y > 0.25) * (outside <= 0))[..., None]
        face = face * (1 - gap) + self._inside(photo_x, photo_y, upper_y, lower_y, x, y) * gap

        calm = (1 - expression.joy) * (1 - expression.surprise)
        if calm > 0:
            face = self._with_resting_lips(face, shape, photo_x, photo_y, calm)
        if expression.blink > 0:
            for eye in (slice(0, 5), slice(5, 10)):
                face = self._with_lid(
                    face, targets["upper"][eye], targets["lower"][eye], expression.blink, photo_x, photo_y
                )

        edge = np.minimum.reduce([x - left, y - top, right - 1 - x, bottom - 1 - y])
        blend = np.clip(edge / 12.0, 0.0, 1.0)[..., None]
        picture = self.base.copy()
        region = picture[top:bottom, left:right]
        picture[top:bottom, left:right] = region * (1 - blend) + face * blend
        return np.clip(picture, 0, 255).astype(np.uint8)

    def _field(self, pairs: list, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Where each pixel of the region comes from, in sprite pixels; solved on a coarse grid, then interpolated."""
        left, top, right, bottom = self.box
        step = 4
        rows = np.arange(top, bottom + step, step) / SCALE + CROP[1]
        columns = np.arange(left, right + step, step) / SCALE + CROP[0]
        grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
        sources = np.concatenate([np.asarray(a, np.float64) for a, _ in pairs])
        targets = np.concatenate([np.asarray(b, np.float64) for _, b in pairs])
        coarse = spline(targets, sources, grid).reshape(len(rows), len(columns), 2).astype(np.float32)
        fields = []
        for plane in range(2):
            image = Image.fromarray(coarse[..., plane])
            box = (0.5, 0.5, 0.5 + size[1] / step, 0.5 + size[0] / step)
            fields.append(np.asarray(image.resize((size[1], size[0]), Image.BILINEAR, box=box)))
        return (fields[0] - CROP[0]) * SCALE, (fields[1] - CROP[1]) * SCALE

    @staticmethod
    def _with_resting_lips(
        face: np.ndarray, shape: MouthShape, photo_x: np.ndarray, photo_y: np.ndarray, calm: float
    ) -> np.ndarray:
        """Gives lips at rest their colour back: stretched by the photograph's smile they are thin, pale and shiny."""
        u = np.linspace(-1.0, 1.0, 41)
        edges = {name: curve(shape, u, name) for name in ("upper_outer", "upper_inner", "lower_inner", "lower_outer")}
        y = {name: np.interp(photo_x, points[:, 0], points[:, 1]) for name, points in edges.items()}
        within = np.clip((shape.half_width - np.abs(photo_x - CENTRE_X)) / 1.5, 0, 1)
        upper = np.clip((photo_y - y["upper_outer"]) / 1.2, 0, 1) * np.clip(
            (y["upper_inner"] - photo_y) / 0.5 + 0.5, 0, 1
        )
        lower = np.clip((photo_y - y["lower_inner"]) / 0.5 + 0.5, 0, 1) * np.clip(
            (y["lower_outer"] - photo_y) / 1.8, 0, 1
        )
        below = np.exp(-(((photo_y - y["lower_outer"] - 2.2) / 2.2) ** 2)) * np.clip(within * 1.2 - 0.2, 0, 1)
        for mask, colour, strength in (
            (upper * within, UPPER_LIP, 0.75),
            (lower * within, LOWER_LIP, 0.7),
            (below, UNDER_LIP, 0.45),
        ):
            weight = (mask * strength * calm)[..., None]
            face = face * (1 - weight) + colour * weight
        line = np.exp(-(((photo_y - (y["upper_inner"] + y["lower_inner"]) / 2) / 0.75) ** 2)) * within
        line = (line * 0.85 * calm * np.clip(1 - (y["lower_inner"] - y["upper_inner"]) / 1.5, 0, 1))[..., None]
        return face * (1 - line) + MOUTH_LINE * line

    @staticmethod
    def _with_lid(
        face: np.ndarray, upper: np.ndarray, lower: np.ndarray, closed: float, photo_x: np.ndarray, photo_y: np.ndarray
    ) -> np.ndarray:
        """Draws an upper lid over one eye: skin from just above it, and the lashes at its edge."""
        upper, lower = upper[np.argsort(upper[:, 0])], lower[np.argsort(lower[:, 0])]
        left, right = upper[0, 0] - 3.0, upper[-1, 0] + 3.0
        ends_y = ((upper[0, 1] + lower[0, 1]) / 2 + 0.4, (upper[-1, 1] + lower[-1, 1]) / 2 + 0.4)
        us = np.concatenate([[left], upper[:, 0], [right]])
        top = np.interp(photo_x, us, np.concatenate([[ends_y[0]], upper[:, 1] - 0.8, [ends_y[1]]]))
        low = np.interp(
            photo_x,
            np.concatenate([[left], lower[:, 0], [right]]),
            np.concatenate([[ends_y[0]], lower[:, 1] - 0.3, [ends_y[1]]]),
        )
        edge = top + (low - top) * closed
        within = (photo_x > left) & (photo_x < right)
        cover = np.clip((photo_y - top) / 0.8 + 0.5, 0, 1) * np.clip((edge - photo_y) / 0.6 + 0.5, 0, 1) * within
        shade = 1.0 - 0.10 * np.clip((photo_y - top) / 6.0, 0, 1)[..., None]
        cover = cover[..., None]
        face = face * (1 - cover) + LID_COLOUR * shade * cover
        lashes = (np.exp(-(((photo_y - edge) / 0.55) ** 2)) * within * 0.75 * closed)[..., None]
        return face * (1 - lashes) + np.array([58.0, 38.0, 34.0]) * lashes

    def _inside(
        self,
        photo_x: np.ndarray,
        photo_y: np.ndarray,
        upper_y: np.ndarray,
        lower_y: np.ndarray,
        x: np.ndarray,
        y: np.ndarray,
    ) -> np.ndarray:
        """The open mouth: teeth where the photograph has them, dark behind, a tongue when it is wide open."""
        depth = np.clip((photo_y - upper_y) / 9.0, 0.0, 1.0)[..., None]
        dark = np.array([72.0, 24.0, 24.0]) * (1 - depth) + np.array([38.0, 10.0, 12.0]) * depth
        openness = np.clip((lower_y - upper_y - 9.0) / 8.0, 0.0, 1.0)
        tongue = np.clip((photo_y - (lower_y - 5.0)) / 3.0, 0, 1) * np.clip(1 - ((photo_x - CENTRE_X) / 9.5) ** 2, 0, 1)
        tongue = (tongue * openness * 0.85)[..., None]
        dark = dark * (1 - tongue) + np.array([168.0, 82.0, 84.0]) * tongue

        us = np.linspace(-1, 1, 41)
        lips_x = CENTRE_X + us * 20.5
        upper = np.interp(lips_x, [p[0] for p in UPPER_INNER], [p[1] for p in UPPER_INNER])
        lower = np.interp(lips_x, [p[0] for p in LOWER_INNER], [p[1] for p in LOWER_INNER])
        low = np.interp(photo_x, lips_x, lower) - 1.1
        high = np.interp(photo_x, lips_x, upper) + 0.5
        teeth = np.clip((low - photo_y) / 1.0 + 0.5, 0, 1) * np.clip((19.0 - np.abs(photo_x - CENTRE_X)) / 3.0, 0, 1)
        teeth = teeth[..., None]
        pixels = sample(self.base, x, np.maximum(y, (high - CROP[1]) * SCALE))
        return pixels * teeth + dark * (1 - teeth)
