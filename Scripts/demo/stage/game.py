"""The game's picture: a small pixel-art space shooter that plays itself, 320×180, to be enlarged without smoothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from .plan import Plan

WIDTH, HEIGHT = 320, 180

SUN = (226, 84, 40)
"""Centre and radius of the sun, pixels."""

SHIP = (
    "...ww...........",
    "..wbbw..........",
    "rrwbbbww........",
    "orwwwwwwwwcc....",
    "yowwwwwwwwcccw..",
    "orwwwwwwwwwwwwww",
    "rrwggggww.......",
    "..wggw..........",
    "...ww...........",
)
ENEMIES = (
    ("..pp....", ".ppppp..", "ppkpppp.", "pppppppp", "ppkpppp.", ".ppppp..", "..pp...."),
    ("....gggg", "..gggg..", "gggkgg..", "gggggggg", "gggkgg..", "..gggg..", "....gggg"),
    ("..rrrr..", ".rrrrrr.", "rrkrrkrr", "rrrrrrrr", ".r.rr.r.", "r..rr..r"),
)
COLOURS = {
    "w": (225, 230, 245),
    "b": (70, 120, 230),
    "g": (90, 200, 120),
    "c": (110, 230, 250),
    "r": (235, 70, 70),
    "o": (250, 150, 50),
    "y": (255, 230, 110),
    "p": (200, 90, 220),
    "k": (20, 16, 34),
}
FONT = {  # 3×5 pixels, one octal digit per row
    "0": "75557",
    "1": "26227",
    "2": "71747",
    "3": "71717",
    "4": "55711",
    "5": "74717",
    "6": "74757",
    "7": "71122",
    "8": "75757",
    "9": "75717",
    "A": "25755",
    "B": "65656",
    "C": "34443",
    "D": "65556",
    "E": "74647",
    "F": "74644",
    "G": "34553",
    "H": "55755",
    "I": "72227",
    "J": "11152",
    "K": "55655",
    "L": "44447",
    "M": "57755",
    "N": "65555",
    "O": "25552",
    "P": "65644",
    "Q": "25563",
    "R": "65655",
    "S": "34216",
    "T": "72222",
    "U": "55557",
    "V": "55552",
    "W": "55775",
    "X": "55255",
    "Y": "55222",
    "Z": "71247",
    "!": "22202",
    ":": "02020",
    " ": "00000",
    "-": "00700",
}


def bitmap(rows: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Colours `[h, w, 3]` and mask `[h, w, 1]` of a drawing in letters."""
    colours = np.array([[COLOURS.get(c, (0, 0, 0)) for c in row] for row in rows], np.uint8)
    mask = np.array([[c != "." for c in row] for row in rows])[..., None]
    return colours, mask


def text_mask(text: str, scale: int = 1) -> np.ndarray:
    """A mask `[5·scale, 4·scale·n]` of a line of text."""
    mask = np.zeros((5, 4 * len(text)), bool)
    for index, letter in enumerate(text.upper()):
        for row, digit in enumerate(FONT.get(letter, "00000")):
            for column in range(3):
                mask[row, index * 4 + column] = int(digit) >> (2 - column) & 1
    return mask.repeat(scale, 0).repeat(scale, 1)


@dataclasses.dataclass
class Enemy:
    """One enemy on a wave-shaped path."""

    kind: int
    born: float
    y: float
    speed: float
    swing: float
    dies: float


class Game:
    """Draws frame after frame; what happens depends on the plan and its seed only."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.random = np.random.default_rng(plan.seed + 1)
        self.sky = self._make_sky()
        self.layers = [
            self._make_ridge(96, 26, (44, 30, 86), 0.35),
            self._make_ridge(122, 22, (58, 34, 96), 0.8),
            self._make_ridge(148, 18, (30, 20, 58), 1.7),
        ]
        self.stars = self.random.uniform((0, 0, 4), (WIDTH, 110, 26), (70, 3))
        self.ship, self.enemies = bitmap(SHIP), [bitmap(rows) for rows in ENEMIES]
        self.boss = self._make_boss()
        self.waves = self._make_waves()
        self.shots = [e.dies - 0.25 for e in self.waves]

    def _make_sky(self) -> np.ndarray:
        stops = np.array([[10, 8, 34], [34, 16, 74], [110, 36, 110], [230, 96, 90], [255, 180, 96]], float)
        rows = np.linspace(0, 4, HEIGHT)
        sky = np.stack([np.interp(rows, range(5), stops[:, c]) for c in range(3)], 1)
        sky = np.repeat(sky[:, None, :], WIDTH, 1)
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
        sun = (x - SUN[0]) ** 2 + (y - SUN[1]) ** 2 < SUN[2] ** 2
        sun &= ~((y > SUN[1]) & (y % 6 < 2))
        sky[sun] = np.stack([np.full(sun.sum(), 255.0), 240 - 1.1 * (y[sun] - 44), 110 - 0.3 * y[sun]], 1)
        return np.clip(sky, 0, 255).astype(np.uint8)

    def _make_ridge(
        self, level: int, height: int, colour: tuple[int, int, int], speed: float
    ) -> tuple[np.ndarray, np.ndarray, float, int]:
        """A chain of mountains that repeats: picture, mask, how fast it moves, and its length in pixels."""
        span = 960
        x = np.arange(span) / span * 2 * np.pi
        ridge = sum(np.sin(x * k + self.random.uniform(0, 6.28)) / k**0.7 for k in (3, 7, 13, 29, 53, 90))
        top = (level - height * ridge / np.abs(ridge).max()).astype(int)
        rows = np.arange(HEIGHT)[:, None]
        mask = rows >= top[None, :]
        shade = np.clip(1.25 - (rows - top[None, :]) / 60.0, 0.5, 1.25)[..., None]
        image = np.clip(np.array(colour) * shade, 0, 255).astype(np.uint8)
        image[(rows == top[None, :])] = np.clip(np.array(colour) * 2.0, 0, 255)
        return (
            np.concatenate([image, image[:, :WIDTH]], 1),
            np.concatenate([mask, mask[:, :WIDTH]], 1)[..., None],
            speed,
            span,
        )

    @staticmethod
    def _make_boss() -> tuple[np.ndarray, np.ndarray]:
        size = 56
        y, x = np.mgrid[0:size, 0:size] - size / 2 + 0.5
        angle, radius = np.arctan2(y, x), np.hypot(x, y)
        mask = radius < 19 + 7 * np.cos(angle * 7)
        image = np.zeros((size, size, 3))
        image[...] = np.array([150, 40, 70]) * (1.2 - radius[..., None] / 40)
        image[radius < 11] = (250, 220, 120)
        image[np.hypot(x + 3, y) < 6] = (30, 10, 30)
        image[(radius > 15) & (radius < 17)] = (240, 120, 130)
        return np.clip(image, 0, 255).astype(np.uint8), mask[..., None]

    def _make_waves(self) -> list[Enemy]:
        waves, time = [], 1.0
        while time < self.plan.duration:
            kind, y = int(self.random.integers(0, 3)), float(self.random.uniform(28, 118))
            for index in range(int(self.random.integers(2, 5))):
                born = time + index * 0.55
                life = float(self.random.uniform(1.6, 3.2))
                waves.append(Enemy(kind, born, y, float(self.random.uniform(52, 64)), 14.0, born + life))
            time += float(self.random.uniform(2.2, 4.4))
        return waves

    def frames(self, rate: int = 30) -> Iterator[np.ndarray]:
        """All frames `[180, 320, 3]`, bytes."""
        first = 0
        for index in range(int(self.plan.duration * rate)):
            time = index / rate
            while first < len(self.waves) and self.waves[first].dies + 1.0 < time:
                first += 1
            yield self._draw(time, first)

    def _draw(self, time: float, first: int) -> np.ndarray:
        frame = self.sky.copy()
        columns, rows = ((self.stars[:, 0] - time * self.stars[:, 2]) % WIDTH).astype(int), self.stars[:, 1].astype(int)
        seen = (columns - SUN[0]) ** 2 + (rows - SUN[1]) ** 2 > SUN[2] ** 2
        frame[rows[seen], columns[seen]] = (235, 235, 255)
        for image, mask, speed, span in self.layers:
            offset = int(time * speed * 30) % span
            np.copyto(frame, image[:, offset : offset + WIDTH], where=mask[:, offset : offset + WIDTH])
        active = []
        for enemy in self.waves[first : first + 24]:
            if enemy.born <= time:
                active.append(enemy)
        ship_y = 78 + 26 * np.sin(time * 0.83) + 10 * np.sin(time * 2.1)
        alive = [e for e in active if time < e.dies]
        if alive:
            ship_y += 0.6 * (self._place(alive[0], time)[1] - ship_y)
        for enemy in active:
            x, y = self._place(enemy, min(time, enemy.dies))
            if time < enemy.dies:
                self._blit(frame, self.enemies[enemy.kind], x, y)
                if enemy.dies - time < 0.25:
                    shot = 62 + (x - 62) * (1 - (enemy.dies - time) / 0.25)
                    frame[int(y) + 3 : int(y) + 5, int(max(0, shot)) : int(max(0, shot)) + 9] = (255, 240, 120)
            else:
                self._burst(frame, x + 4, y + 3, time - enemy.dies, 9.0)
        boss_life = self._boss(frame, time)
        self._blit(frame, self.ship, 44 + 3 * np.sin(time * 1.3), ship_y)
        flame = int(3 + 4 * abs(np.sin(time * 31)))
        y = int(ship_y) + 4
        frame[y : y + 2, 43 - flame : 44] = (255, 170, 60)
        frame = self._explosions(frame, time)
        self._hud(frame, time, boss_life)
        return frame

    @staticmethod
    def _place(enemy: Enemy, time: float) -> tuple[float, float]:
        age = time - enemy.born
        return WIDTH - age * enemy.speed, enemy.y + enemy.swing * np.sin(age * 2.6)

    @staticmethod
    def _blit(frame: np.ndarray, sprite: tuple[np.ndarray, np.ndarray], x: float, y: float) -> None:
        image, mask = sprite
        left, top = int(x), int(y)
        height, width = mask.shape[:2]
        x0, y0, x1, y1 = max(0, left), max(0, top), min(WIDTH, left + width), min(HEIGHT, top + height)
        if x1 > x0 and y1 > y0:
            part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
            np.copyto(frame[y0:y1, x0:x1], image[part], where=mask[part])

    @staticmethod
    def _burst(frame: np.ndarray, x: float, y: float, age: float, size: float) -> None:
        if not 0 <= age < 0.7:
            return
        outer = size * min(1.0, age / 0.2)
        reach = int(outer) + 1
        x0, x1 = max(0, int(x) - reach), min(WIDTH, int(x) + reach)
        y0, y1 = max(0, int(y) - reach), min(HEIGHT, int(y) + reach)
        if x1 <= x0 or y1 <= y0:
            return
        rows, columns = np.ogrid[y0:y1, x0:x1]
        radius = np.sqrt((columns - x) ** 2 + (rows - y) ** 2)
        inner = outer * max(0.0, (age - 0.15) / 0.55)
        region = frame[y0:y1, x0:x1]
        dither = (rows + columns) % 2 == 0
        region[(radius < outer) & (radius >= inner) & ((age < 0.35) | dither)] = (250, 120, 50)
        region[(radius < outer * 0.7) & (radius >= inner)] = (255, 215, 110)
        region[(radius < outer * 0.35) & (radius >= inner * 1.2)] = (255, 255, 235)

    def _boss(self, frame: np.ndarray, time: float) -> float | None:
        for cue in self.plan.game:
            if cue.kind == "boss" and cue.time <= time < cue.time + cue.length + 1.4:
                age = time - cue.time
                x, y = 320 - min(90.0, age * 45) + 4 * np.sin(time * 2), 52 + 24 * np.sin(time * 0.9)
                if age < cue.length:
                    self._blit(frame, self.boss, x, y)
                    if int(age * 8) % 3 == 0:
                        self._burst(frame, x + 18, y + 28, 0.12, 7.0)
                    return 1.0 - age / cue.length
                for k in range(7):
                    place = (x + 28 + 24 * np.cos(k * 2.4), y + 28 + 24 * np.sin(k * 2.4))
                    self._burst(frame, *place, age - cue.length - k * 0.1, 22.0)
                return 0.0
        return None

    def _explosions(self, frame: np.ndarray, time: float) -> np.ndarray:
        for cue in self.plan.game:
            age = time - cue.time
            if cue.kind == "explosion" and 0 <= age < 1.2:
                for k in range(int(3 + 3 * cue.size)):
                    x, y = 170 + 90 * np.cos(k * 2.1 + cue.time), 76 + 42 * np.sin(k * 1.7)
                    self._burst(frame, x, y, age - 0.07 * k, 16.0 + 8 * cue.size)
                shake = int(round(4 * cue.size * (1 - age / 1.2) * np.sin(time * 70)))
                frame = np.roll(frame, shake, axis=0)
                if age < 0.12:
                    frame = (frame // 2 + 127).astype(np.uint8)
        return frame

    def _hud(self, frame: np.ndarray, time: float, boss: float | None) -> None:
        score = 1200 + 150 * sum(1 for e in self.waves if e.dies < time)
        self._text(frame, f"SCORE {score:07d}", 6, 6, (255, 255, 255))
        self._text(frame, "LEVEL 7", 6, 14, (255, 200, 90))
        for index in range(3):
            frame[22:26, 6 + 7 * index : 11 + 7 * index] = (235, 70, 90)
        if boss is not None:
            self._text(frame, "WARNING: THE WARDEN", 122, 6, (255, 90, 90))
            frame[14:19, 118:202] = (30, 10, 30)
            frame[15:18, 119 : 119 + int(82 * boss)] = (240, 60, 70)

    @staticmethod
    def _text(frame: np.ndarray, text: str, x: int, y: int, colour: tuple[int, int, int]) -> None:
        mask = text_mask(text)
        frame[y + 1 : y + 6, x + 1 : x + 1 + mask.shape[1]][mask] = (20, 10, 30)
        frame[y : y + 5, x : x + mask.shape[1]][mask] = colour
