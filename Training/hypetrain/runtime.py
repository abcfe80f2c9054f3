"""Process set-up that must happen before PyTorch or OpenVINO touch the processor."""

from __future__ import annotations

import os
import random

# Some virtual machines announce AMX without the CPUID leaves that oneDNN needs, and then kill the process with
# SIGILL. Capping the instruction set costs nothing for float32 work. A value set by the user wins.
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16")

import numpy as np  # noqa: E402
import torch  # noqa: E402


def prepare(seed: int, threads: int) -> torch.device:
    """Seeds every generator, limits the CPU threads and picks the device: a GPU where there is one."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = True
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Ema:
    """Exponential moving average of a module's weights and buffers; the average is what is evaluated and shipped.

    The decay grows from 0 to ``decay`` over the first steps so that the start is forgotten quickly.
    """

    def __init__(self, module: torch.nn.Module, decay: float = 0.998):
        self.decay = decay
        self.step = 0
        self.state = {k: v.detach().clone() for k, v in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: torch.nn.Module) -> None:
        self.step += 1
        decay = min(self.decay, (1 + self.step) / (10 + self.step))
        for key, value in module.state_dict().items():
            if value.dtype.is_floating_point:
                self.state[key].lerp_(value, 1 - decay)
            else:
                self.state[key].copy_(value)
