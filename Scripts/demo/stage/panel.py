"""What the stream shows over the game: channel badge, border of the webcam, and the latest chat lines."""

from __future__ import annotations

import colorsys
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


def _fitted(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """The text, cut and ended by dots where it is wider than `width` pixels."""
    if draw.textlength(text, font=font) <= width:
        return text
    while text and draw.textlength(text + "…", font=font) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _draw(room: Room, shown: list[Message], alert: str | None, font: ImageFont.FreeTypeFont) -> np.ndarray:
    image = Image.new("RGBA", (WIDTH, HEIGHT), (12, 10, 26, 120))
    draw = ImageDraw.Draw(image)
    y = HEIGHT - LINE * len(shown) - 6
    for line in shown:
        name = room.names[line.user]
        if line.notice:
            draw.rectangle((0, y, WIDTH, y + LINE - 2), fill=(120, 70, 190, 190))
            draw.text((8, y + 2), _fitted(draw, line.text, font, WIDTH - 16), font=font, fill=(255, 255, 255, 255))
        else:
            draw.text((8, y + 2), name, font=font, fill=(*_colour(line.user), 255))
            left = 12 + draw.textlength(name, font=font)
            text = _fitted(draw, line.text, font, WIDTH - 8 - left)
            draw.text((left, y + 2), text, font=font, fill=(240, 240, 248, 255))
        y += LINE
    if alert:
        draw.rectangle((0, 0, WIDTH, 44), fill=(150, 60, 220, 235))
        draw.text((10, 12), _fitted(draw, alert, font, WIDTH - 20), font=font, fill=(255, 255, 255, 255))
    return np.asarray(image)


def badge(scale: float = 1.0) -> Image.Image:
    """LIVE and the channel's name, 300×40 pixels at scale 1."""
    image = Image.new("RGBA", (int(300 * scale), int(40 * scale)), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    small, large = (ImageFont.load_default(size=max(8, int(size * scale))) for size in (17, 22))
    draw.rounded_rectangle((0, 0, image.width - 1, image.height - 1), int(8 * scale), fill=(12, 10, 26, 170))
    draw.rounded_rectangle([int(v * scale) for v in (8, 7, 64, 33)], int(5 * scale), fill=(230, 40, 60, 255))
    draw.text((17 * scale, 10 * scale), "LIVE", font=small, fill="white")
    draw.text((76 * scale, 6 * scale), "nova_commander", font=large, fill=(235, 235, 255))
    return image


def framed(frames: Iterator[np.ndarray], border: int) -> Iterator[np.ndarray]:
    """The webcam's frames with a coloured border round them; the arrays are reused."""
    canvas = None
    for frame in frames:
        if canvas is None:
            canvas = np.zeros((frame.shape[0] + 2 * border, frame.shape[1] + 2 * border, 4), np.uint8)
            canvas[..., :3] = (150, 90, 240)
        canvas[border : border + frame.shape[0], border : border + frame.shape[1]] = frame
        yield canvas
