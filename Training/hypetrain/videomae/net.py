"""VideoMAE's classifier (Tong et al., NeurIPS 2022): a plain vision transformer over cubes of pictures.

Two pictures by 16 by 16 pixels make a token; fixed sine positions are added; after the blocks the mean of all tokens is
normalised and goes to a linear head. Written here rather than imported, because it is a page long and its names then stay the
same whatever a library calls them; the tests hold it against the ``transformers`` library where that is installed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import nn

INPUT, LOGITS, EMBEDDING = "video", "logits", "embedding"
"""Names of the graph's ports."""


@dataclass(frozen=True)
class Shape:
    """What distinguishes the sizes, and a checkpoint from another."""

    width: int
    depth: int
    heads: int
    hidden: int
    classes: int
    frames: int = 16
    tubelet: int = 2
    side: int = 224
    patch: int = 16
    epsilon: float = 1e-12
    """Of the blocks' normalisations; the port to Keras has 1e-6."""
    final_epsilon: float = 1e-5
    """Of the last normalisation; the port to Keras has 1e-6."""

    @property
    def tokens(self) -> int:
        return self.frames // self.tubelet * (self.side // self.patch) ** 2

    @property
    def size(self) -> str:
        """Name of the size in the papers, or ``custom``."""
        return {384: "small", 768: "base", 1024: "large", 1280: "huge"}.get(self.width, "custom")

    def with_classes(self, classes: int) -> "Shape":
        return Shape(**asdict(self) | {"classes": classes})


def positions(tokens: int, width: int) -> torch.Tensor:
    """Sines (even places) and cosines (odd places) of the token's number. Float32 ``[1, tokens, width]``."""
    place = np.arange(width)
    angles = np.arange(tokens)[:, None] / np.power(10000.0, 2 * (place // 2) / width)
    table = np.where(place % 2 == 0, np.sin(angles), np.cos(angles))
    return torch.from_numpy(table.astype(np.float32))[None]


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.part = shape.width // shape.heads
        # Sizes as plain numbers: sizes asked of tensors would become nodes of the exported graph.
        self.split = (-1, shape.tokens, 3, shape.heads, self.part)
        self.joined = (-1, shape.tokens, shape.width)
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.proj = nn.Linear(shape.width, shape.width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.qkv(x).reshape(self.split).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q * self.part ** -0.5 @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(self.joined))


class Block(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.norm1 = nn.LayerNorm(shape.width, shape.epsilon)
        self.attention = Attention(shape)
        self.norm2 = nn.LayerNorm(shape.width, shape.epsilon)
        self.widen = nn.Linear(shape.width, shape.hidden)
        self.narrow = nn.Linear(shape.hidden, shape.width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.narrow(nn.functional.gelu(self.widen(self.norm2(x))))


class VideoMAE(nn.Module):
    """Normalised pictures ``[n, frames, 3, side, side]`` to logits ``[n, classes]`` and an embedding ``[n, width]``."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        cube = (shape.tubelet, shape.patch, shape.patch)
        self.patches = nn.Conv3d(3, shape.width, cube, cube)
        self.register_buffer("positions", positions(shape.tokens, shape.width), persistent=False)
        self.blocks = nn.ModuleList([Block(shape) for _ in range(shape.depth)])
        self.norm = nn.LayerNorm(shape.width, shape.final_epsilon)
        self.head = nn.Linear(shape.width, shape.classes)

    def features(self, video: torch.Tensor) -> torch.Tensor:
        """Mean of the tokens after the last block. Float32 ``[n, width]``."""
        x = self.patches(video.transpose(1, 2)).reshape(-1, self.shape.width, self.shape.tokens).transpose(1, 2) + self.positions
        for block in self.blocks:
            x = block(x)
        return x.mean(1)

    def classify(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits and embedding of what :meth:`features` gave."""
        embedding = self.norm(features)
        return self.head(embedding), embedding

    def forward(self, video: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.classify(self.features(video))


class Calibrated(nn.Module):
    """The network with a temperature folded into its logits, as it ships."""

    def __init__(self, net: VideoMAE, temperature: float = 1.0):
        super().__init__()
        self.net = net
        self.temperature = temperature

    def forward(self, video: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits, embedding = self.net(video)
        return (logits if self.temperature == 1 else logits / self.temperature), embedding
