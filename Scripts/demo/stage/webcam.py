"""The webcam inset: the portrait, moved and lit like somebody who plays."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from collections.abc import Iterator

import numpy as np

from .plan import Plan
from .portrait import HEIGHT as SPRITE_HEIGHT
from .portrait import WIDTH as SPRITE_WIDTH
from .portrait import Expression, Portrait

WIDTH, HEIGHT, RATE = 320, 240, 15
"""Size in pixels and frames per second of the inset."""

HEAD = (158.0, 118.0, 100.0, 128.0)
"""Centre and half axes of the head in the inset, pixels."""


def _smooth(values: np.ndarray, attack: float, decay: float) -> np.ndarray:
    """Follows `values` with time constants in seconds, at `RATE`."""
    out, current = np.empty_like(values), 0.0
    for index, value in enumerate(values):
        constant = attack if value > current else decay
        current += (value - current) * min(1.0, 1.0 / (constant * RATE))
        out[index] = current
    return out


class SpriteBook:
    """Sprites under coloured lamps, each rendered once."""

    def __init__(self, portrait: Portrait) -> None:
        self.portrait = portrait
        self.sprites: dict[Expression, np.ndarray] = {}

    def sprite(self, expression: Expression) -> np.ndarray:
        """One sprite, row by row, as one 32-bit number per pixel."""
        if expression not in self.sprites:
            self.sprites[expression] = self._lit(expression)
        return self.sprites[expression]

    def prepare(self, expressions: set[Expression]) -> None:
        """Renders what is missing on all processors; processes forked later share it."""
        missing = [e for e in expressions if e not in self.sprites]
        # Not multiprocessing.Pool, whose end is a SIGTERM: where that is ignored, it waits for ever.
        with ProcessPoolExecutor(mp_context=multiprocessing.get_context("fork")) as pool:
            self.sprites.update(zip(missing, pool.map(self._lit, missing, chunksize=4)))

    def _lit(self, expression: Expression) -> np.ndarray:
        x = np.linspace(0, 1, SPRITE_WIDTH, dtype=np.float32)[None, :, None]
        y = np.linspace(0, 1, SPRITE_HEIGHT, dtype=np.float32)[:, None, None]
        lamps = (1 - x) * np.array([0.98, 0.84, 1.06], np.float32) + x * np.array([0.86, 0.97, 1.06], np.float32)
        edge = 1 - 0.22 * ((1.6 * (x - 0.5)) ** 2 + (1.6 * (y - 0.5)) ** 2)
        picture = np.zeros((SPRITE_HEIGHT, SPRITE_WIDTH, 4), np.uint8)
        picture[..., :3] = np.minimum(255, self.portrait.render(expression) * (lamps * edge))
        return picture.view(np.uint32).ravel()


class Webcam:
    """Draws the inset frame by frame."""

    def __init__(self, plan: Plan, sprites: SpriteBook, mouth: np.ndarray) -> None:
        self.plan, self.sprites = plan, sprites
        self.random = np.random.default_rng(plan.seed + 2)
        self.count = int(plan.duration * RATE)
        times = np.arange(self.count) / RATE
        self.times = times
        joy, surprise, still = (np.zeros(self.count) for _ in range(3))
        for cue in plan.faces:
            inside = (times >= cue.span.start) & (times < cue.span.end)
            joy[inside] = cue.joy
            surprise[inside] = cue.surprise
            still[inside] = cue.still
        self.joy, self.surprise = _smooth(joy, 0.12, 0.5), _smooth(surprise, 0.08, 0.35)
        self.excited = _smooth(np.maximum(joy, surprise), 0.2, 0.8)
        mouth = np.resize(mouth, self.count) if len(mouth) else np.zeros(self.count)
        flutter = 0.75 + 0.25 * np.sin(times * 23.0)
        limit = np.where(still > 0, 0.17, 0.24 + 0.76 * self.excited)
        self.mouth = np.minimum(mouth * flutter, limit)
        self.blink = self._blinks()
        self._prepare_fields()

    def _blinks(self) -> np.ndarray:
        blink = np.zeros(self.count)
        time = self.random.uniform(1, 3)
        while time < self.plan.duration:
            index = int(time * RATE)
            for offset, value in ((0, 0.5), (1, 1.0), (2, 0.5)):
                if index + offset < self.count:
                    blink[index + offset] = value
            time += self.random.gamma(4.0, 1.1) + 0.6
        return blink * (self.surprise < 0.4)

    def _prepare_fields(self) -> None:
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        cx, cy, ax, ay = HEAD
        distance = np.sqrt(((x - cx) / ax) ** 2 + ((y - cy) / ay) ** 2)
        weight = np.clip((1.55 - distance) / 0.75, 0, 1)
        self.weight = (weight * weight * (3 - 2 * weight)).astype(np.float32)
        self.x, self.y = x, y
        self.noise = self.random.integers(0, 7, (HEIGHT * 2, WIDTH * 2, 1), dtype=np.uint8).repeat(4, axis=2)

    def _expression(self, index: int) -> Expression:
        return Expression(self.joy[index], self.surprise[index], self.mouth[index], self.blink[index]).quantised()

    def expressions(self) -> set[Expression]:
        """All expressions that the frames will show."""
        return {self._expression(index) for index in range(self.count)}

    def frames(self) -> Iterator[np.ndarray]:
        """All frames `[240, 320, 4]`, bytes: red, green, blue and an unused one."""
        phases = self.random.uniform(0, 6.28, 8)
        flashes = [c for c in self.plan.game if c.kind == "explosion"]
        for index, time in enumerate(self.times):
            if any(span.start <= time < span.end for span in self.plan.covered):
                yield self._covered()
                continue
            sprite = self.sprites.sprite(self._expression(index))
            hype = self.excited[index]
            angle = 0.028 * np.sin(time * 0.61 + phases[0]) + 0.02 * np.sin(time * 1.37 + phases[1])
            angle += 0.05 * hype * np.sin(time * 5.1 + phases[2])
            dx = 5 * np.sin(time * 0.43 + phases[3]) + 2.5 * np.sin(time * 1.13 + phases[4])
            dy = 2.5 * np.sin(time * 0.71 + phases[5]) + hype * (5.0 * np.sin(time * 9.4) - 3)
            frame = self._moved(sprite, angle, dx, dy, 1.0 + 0.02 * np.sin(time * 0.37 + phases[6]) + 0.04 * hype)
            glow = 1.0 + 0.03 * np.sin(time * 2.2 + phases[7])
            for cue in flashes:
                age = time - cue.time
                if 0 <= age < 0.6:
                    glow += 0.35 * min(1.0, cue.size / 1.5) * (1 - age / 0.6)
            yield self._lit(frame, glow)

    def _moved(self, sprite: np.ndarray, angle: float, dx: float, dy: float, zoom: float) -> np.ndarray:
        """The sprite with its head turned about the neck and shifted; the room stays."""
        cx, cy = np.float32(HEAD[0]), np.float32(HEAD[1] + HEAD[3] * 0.75)
        cosine, sine = np.float32(np.cos(angle) / zoom), np.float32(np.sin(angle) / zoom)
        ux, uy = self.x - np.float32(cx + dx), self.y - np.float32(cy + dy)
        sx = self.x + self.weight * (cosine * ux + sine * uy + (cx - self.x))
        sy = self.y + self.weight * (cosine * uy - sine * ux + (cy - self.y))
        column = np.clip(sx * np.float32(SPRITE_WIDTH / WIDTH), 0, SPRITE_WIDTH - 1).astype(np.int32)
        row = np.clip(sy * np.float32(SPRITE_HEIGHT / HEIGHT), 0, SPRITE_HEIGHT - 1).astype(np.int32)
        row *= SPRITE_WIDTH
        row += column
        return sprite.take(row).view(np.uint8).reshape(HEIGHT, WIDTH, 4)

    def _noise(self) -> np.ndarray:
        left, top = self.random.integers(0, WIDTH), self.random.integers(0, HEIGHT)
        return self.noise[top : top + HEIGHT, left : left + WIDTH]

    def _lit(self, frame: np.ndarray, glow: float) -> np.ndarray:
        table = np.clip(np.arange(256) * glow - 3, 0, 249).astype(np.uint8)
        lit = table.take(frame)
        lit += self._noise()
        return lit

    def _covered(self) -> np.ndarray:
        return self._noise() + np.uint8(4)
