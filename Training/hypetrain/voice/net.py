"""The voice network and its deployed form."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from hypetrain.labels import EMOTIONS
from hypetrain.logmel import BANDS, FRAMES

WIDTHS = (16, 32, 64, 96, 128)
RANGE = 14.0
"""What lies further than this under the loudest value is raised to it: 61 dB in natural-log power."""


def conv(inputs: int, outputs: int, kernel: int = 3, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Residual(nn.Module):
    """Two 3×3 convolutions with a channel gate beside a shortcut (average-pooled where it strides)."""

    def __init__(self, inputs: int, outputs: int, stride: int | tuple[int, int] = 1):
        super().__init__()
        self.first = conv(inputs, outputs, 3, stride)
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.gate = nn.Sequential(nn.Conv2d(outputs, outputs // 8, 1), nn.ReLU(inplace=True),
                                  nn.Conv2d(outputs // 8, outputs, 1), nn.Sigmoid())
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.AvgPool2d(stride, stride, ceil_mode=True),
                                          nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.second(self.first(x))
        return F.relu(y * self.gate(y.mean((2, 3), keepdim=True)) + self.shortcut(x), inplace=True)


def normalise(mel: torch.Tensor) -> torch.Tensor:
    """Log-mel ``[N, 1, 80, T]`` to two channels that do not know the level.

    First the window's mean removed (colour of the sound kept), then also each band's mean (microphone and room
    removed). Values far below the loudest are raised first, so digital silence and a quiet room look alike.
    """
    peak = mel.amax((2, 3), keepdim=True)
    lifted = torch.maximum(mel, peak - RANGE)
    level = (lifted - lifted.mean((2, 3), keepdim=True)) / 4.0
    return torch.cat([level, (level - level.mean(3, keepdim=True)) * 1.5], 1)


class VoiceNet(nn.Module):
    """Residual network with attentive statistics over time: ``[N, 1, 80, T]`` to ``([N, 8], [N])``.

    The second output is the arousal before its sigmoid. Any ``T`` from about 40 frames works, so training may crop.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS, dropout: float = 0.3):
        super().__init__()
        stem, a, b, c, d = widths
        self.body = nn.Sequential(
            conv(2, stem, 3, 2), conv(stem, a, 3, 2), Residual(a, b, 2), Residual(b, c, (2, 1)), Residual(c, d, (2, 1)))
        self.merge = nn.Sequential(nn.Conv1d(d * 3, 192, 1, bias=False), nn.BatchNorm1d(192), nn.ReLU(inplace=True))
        self.attention = nn.Sequential(nn.Conv1d(192, 48, 1), nn.Tanh(), nn.Conv1d(48, 192, 1))
        self.dropout = nn.Dropout(dropout)
        self.emotion = nn.Linear(384, len(EMOTIONS))
        self.arousal = nn.Linear(384, 1)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.merge(self.body(normalise(mel)).flatten(1, 2))
        share = torch.softmax(self.attention(x), 2)
        mean = (x * share).sum(2)
        spread = ((x.square() * share).sum(2) - mean.square()).clamp_min(1e-4).sqrt()
        pooled = self.dropout(torch.cat([mean, spread], 1))
        return self.emotion(pooled), self.arousal(pooled).squeeze(1)


class DeployedVoice(nn.Module):
    """What the ONNX file holds: ``mel`` to calibrated ``logits`` ``[N, 8]`` and ``arousal`` ``[N, 1]`` in 0…1."""

    def __init__(self, net: VoiceNet, temperature: float):
        super().__init__()
        self.net = net
        self.temperature = temperature

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits, arousal = self.net(mel)
        return logits / self.temperature, torch.sigmoid(arousal).unsqueeze(1)


def example() -> torch.Tensor:
    """An input of the right shape."""
    return torch.zeros(1, 1, BANDS, FRAMES)
