"""The face network and its deployed form."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional as F

SIZE = 48
WIDTHS = (16, 32, 64, 160)


def conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3×3 convolution, batch normalisation, ReLU."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs),
                         nn.ReLU(inplace=True))


class Residual(nn.Module):
    """Two 3×3 convolutions beside a shortcut (average-pooled where the stride is 2)."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.first = conv(inputs, outputs, stride)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.AvgPool2d(stride, ceil_mode=True) if stride > 1 else nn.Identity(),
                                          nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.second(self.first(x)) + self.shortcut(x), inplace=True)


class FaceNet(nn.Module):
    """A residual network for ``[N, 1, h, w]`` standardised crops, h and w about 40 to 48."""

    def __init__(self, widths: tuple[int, int, int, int] = WIDTHS, classes: int = 7, dropout: float = 0.25):
        super().__init__()
        stem, a, b, c = widths
        self.widths = tuple(widths)
        self.body = nn.Sequential(
            conv(1, stem), conv(stem, a, 2), Residual(a, a, 1),
            Residual(a, b, 2), Residual(b, b, 1), Residual(b, c, 2), Residual(c, c, 1))
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(c, classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x).mean((2, 3)))


def standardise(grey: torch.Tensor) -> torch.Tensor:
    """Grey values of any range to zero mean and unit deviation per picture, so light and contrast do not matter."""
    centred = grey - grey.mean((2, 3), keepdim=True)
    return centred / (centred.square().mean((2, 3), keepdim=True) + 16.0).sqrt()


def resizing(side: int) -> torch.Tensor:
    """The matrix ``[side, 48]`` that scales one axis like the training's antialiased bilinear filter."""
    rows = torch.eye(SIZE)[None, None]
    return F.interpolate(rows, size=(side, SIZE), mode="bilinear", antialias=True)[0, 0]


class DeployedFace(nn.Module):
    """What the ONNX file holds: grey 0…255 ``[N, 1, 48, 48]`` to calibrated logits ``[N, 7]``.

    The picture is scaled to ``side``, the scale at which the network learned. It and its mirror image go through the
    network together and their logits are averaged; the temperature is divided out and the offsets added, so
    ``softmax(logits)`` is the probability.
    """

    def __init__(self, net: FaceNet, temperature: float, offsets: Sequence[float] = (0.0,) * 7, side: int = SIZE):
        super().__init__()
        self.net = net
        self.temperature = temperature
        self.side = side
        self.register_buffer("offsets", torch.tensor([float(value) for value in offsets]))
        self.register_buffer("mirror", torch.arange(side - 1, -1, -1))
        self.register_buffer("down", resizing(side))
        self.register_buffer("across", resizing(side).T.contiguous())

    def forward(self, face: torch.Tensor) -> torch.Tensor:
        x = face if self.side == SIZE else self.down @ face @ self.across
        x = standardise(x)
        both = torch.stack([self.net(x), self.net(x.index_select(3, self.mirror))])
        return both.mean(0) / self.temperature + self.offsets
