"""What the stream shows over the game: channel badge, webcam frame, and the latest chat lines."""

from __future__ import annotations

import colorsys
import pathlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .chat import Message, Room
from .plan import Plan

WIDTH, HEIGHT, RATE = 320, 330, 4
"""Size in pixels and frames per second of the chat panel."""

LINE = 24


def _colour(user: int) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(user * 0.381 % 1, 0.68, 0.75)
    return int(red * 255), int(green * 255), int(blue * 255)


def chat_frames(plan: Plan, room: Room, lines: list[Message]) -> Iterator[np.ndarray]:
    """The panel `[330, 320, 4]`, bytes with transparency, `RATE` per second."""
    font = ImageFont.load_default(size=15)
    shown: list[Message] = []
    position, picture, alert = 0, None, None
    for index in range(int(plan.duration * RATE)):
        time = index / RATE
        fresh = False
        while position < len(lines) and lines[position].time <= time:
            line = lines[position]
            position += 1
            fresh = True
            if line.notice in ("raid", "submysterygift"):
                alert = (time + 6.0, line.text)
            shown.append(line)
        shown = shown[-12:]
        if alert and time > alert[0]:
            alert, fresh = None, True
        if fresh or picture is None:
            picture = _draw(room, shown, alert[1] if alert else None, font)
        yield picture


def _draw(room: Room, shown: list[Message], alert: str | None, font: ImageFont.FreeTypeFont) -> np.ndarray:
    image = Image.new("RGBA", (WIDTH, HEIGHT), (12, 10, 26, 120))
    draw = ImageDraw.Draw(image)
    y = HEIGHT - LINE * len(shown) - 6
    for line in shown:
        name = room.names[line.user]
        if line.notice:
            draw.rectangle((0, y, WIDTH, y + LINE - 2), fill=(120, 70, 190, 190))
            draw.text((8, y + 2), line.text[:44], font=font, fill=(255, 255, 255, 255))
        else:
            draw.text((8, y + 2), name, font=font, fill=(*_colour(line.user), 255))
            left = 12 + draw.textlength(name, font=font)
            draw.text((left, y + 2), line.text[:40], font=font, fill=(240, 240, 248, 255))
        y += LINE
    if alert:
        draw.rectangle((0, 0, WIDTH, 44), fill=(150, 60, 220, 235))
        draw.text((10, 12), alert[:42], font=font, fill=(255, 255, 255, 255))
    return np.asarray(image)


def write_frame(path: pathlib.Path, size: tuple[int, int], camera: tuple[int, int, int, int] | None) -> None:
    """Writes the fixed overlay: LIVE badge, channel name, and the webcam's frame, as a transparent PNG."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    scale = size[1] / 720
    small, large = (ImageFont.load_default(size=max(9, int(s * scale))) for s in (17, 22))
    right = size[0] - int(20 * scale)
    width = int(300 * scale)
    draw.rounded_rectangle((right - width, int(16 * scale), right, int(56 * scale)), int(8 * scale), fill=(12, 10, 26, 170))
    badge = (right - width + int(8 * scale), int(23 * scale), right - width + int(64 * scale), int(49 * scale))
    draw.rounded_rectangle(badge, int(5 * scale), fill=(230, 40, 60, 255))
    draw.text((badge[0] + int(9 * scale), badge[1] + int(3 * scale)), "LIVE", font=small, fill="white")
    draw.text((badge[2] + int(10 * scale), badge[1] + int(1 * scale)), "nova_commander", font=large, fill=(235, 235, 255))
    if camera:
        x, y, w, h = camera
        for grow, colour in ((4, (150, 90, 240, 255)), (2, (20, 14, 40, 255))):
            grow = max(1, int(grow * scale))
            draw.rectangle((x - grow, y - grow, x + w + grow - 1, y + h + grow - 1), outline=colour, width=grow)
    image.save(path)
