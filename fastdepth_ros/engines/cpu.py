"""What this machine's CPU can do, from /proc/cpuinfo (x86-64: `flags`, aarch64: `Features`)."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from fastdepth_ros.errors import UserError

MACHINES = {'amd64': 'x86_64', 'x86_64': 'x86_64', 'arm64': 'aarch64', 'aarch64': 'aarch64'}

INT8_FLAGS = {
    'x86_64': frozenset({'avx512_vnni', 'avx_vnni', 'amx_int8'}),
    'aarch64': frozenset({'asimddp', 'i8mm'}),
}


@dataclass(frozen=True)
class Cpu:
    """Machine ('x86_64', 'aarch64', or as platform.machine() has it) and instruction-set flags."""

    machine: str
    flags: frozenset[str]

    @classmethod
    def detect(cls, cpuinfo: Path = Path('/proc/cpuinfo')) -> Cpu:
        """This machine's; without cpuinfo (not Linux) there are no flags."""
        machine = platform.machine().lower()
        text = cpuinfo.read_text(errors='replace') if cpuinfo.is_file() else ''
        return cls(MACHINES.get(machine, machine), parse_flags(text))

    @property
    def has_bf16(self) -> bool:
        """Native bfloat16 arithmetic."""
        x86 = self.machine == 'x86_64' and self.flags & {'avx512_bf16', 'amx_bf16'}
        return bool(x86) or (self.machine == 'aarch64' and 'bf16' in self.flags)

    @property
    def has_f16(self) -> bool:
        """Native float16 vector arithmetic (ARMv8.2 half precision, AVX512-FP16, AMX-FP16)."""
        arm = self.machine == 'aarch64' and 'asimdhp' in self.flags
        return arm or (self.machine == 'x86_64' and bool(self.flags & {'avx512_fp16', 'amx_fp16'}))

    @property
    def has_int8(self) -> bool:
        """Native 8-bit dot products, four or more multiply-adds a lane."""
        return bool(self.flags & INT8_FLAGS.get(self.machine, frozenset()))


def parse_flags(cpuinfo: str) -> frozenset[str]:
    """The flags of the first processor in the text of /proc/cpuinfo."""
    for line in cpuinfo.splitlines():
        key, _, value = line.partition(':')
        if key.strip() in ('flags', 'Features'):
            return frozenset(value.split())
    return frozenset()


def available_cores() -> int:
    """Cores that this process may use (its affinity mask)."""
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_threads(num_threads: int) -> int:
    """Returns `num_threads`, or raises a UserError if it is not 1 .. available_cores()."""
    cores = available_cores()
    if not 1 <= num_threads <= cores:
        raise UserError(f'num_threads is {num_threads}: 1 to {cores} (the cores available here)')
    return num_threads
