"""Which engine and which precision: what is installed, what the CPU has, what the file needs."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Collection
from pathlib import Path

from fastdepth_ros.engines.cpu import Cpu, check_threads
from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.int8 import FLOATS, INT8, model_files, no_int8
from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.share import DEFAULT, NAMES, SHIPPED, resolve_model

AUTO = 'auto'
# Fastest first on one thread of x86-64 (OpenVINO by its bf16), with the files that each reads.
ENGINE_SUFFIXES = {'openvino': '.onnx', 'onnxruntime': '.onnx', 'torch': '.safetensors'}
ENGINES = tuple(ENGINE_SUFFIXES)
PRECISIONS = (*FLOATS, INT8)
LOGGER = logging.getLogger(__name__)


def installed_engines() -> list[str]:
    """Names of the engines whose Python package is here, fastest first; nothing is imported."""
    return [name for name in ENGINES if importlib.util.find_spec(name) is not None]


def choose_engine(engine: str, model: str, installed: list[str] | None = None) -> str:
    """The engine for `model` (of SHIPPED or a path): as asked, or the fastest that can run it."""
    return choose_engines(engine, model, installed)[0]


def choose_engines(engine: str, model: str, installed: list[str] | None = None) -> list[str]:
    """As asked, or for 'auto' all that can run `model`, fastest first; UserError if none."""
    installed = installed_engines() if installed is None else installed
    check_choice('engine', engine, (AUTO, *ENGINES))
    able = [n for n in ENGINES if model in SHIPPED or Path(model).suffix == ENGINE_SUFFIXES[n]]
    if not able:
        raise UserError(
            f"model file '{model}' is of no known kind: "
            + ', '.join(sorted(set(ENGINE_SUFFIXES.values())))
            + f', {NAMES} (import_checkpoint reads published .pth.tar files)'
        )
    if engine == AUTO:
        usable = [name for name in able if name in installed]
        if usable:
            return usable
        raise UserError(
            f"no engine that runs '{model}' is installed: pip install {able[0]} "
            f'(one of {", ".join(able)})'
        )
    if engine not in able:
        advice = 'export it to .onnx' if engine != 'torch' else 'give the .safetensors file'
        raise UserError(f"engine '{engine}' cannot run '{model}': {advice}, or use {able[0]}")
    if engine not in installed:
        raise UserError(f"engine '{engine}' is not installed: pip install {engine}")
    return [engine]


def supported_precisions(engine: str, cpu: Cpu) -> list[str]:
    """What `engine` computes natively on `cpu`, fastest first; int8 needs its own file, too."""
    if engine == 'torch':  # the reference: f32 unless asked
        return ['f32', 'bf16'] if cpu.has_bf16 else ['f32']
    int8 = [INT8] if cpu.has_int8 else []
    if engine == 'openvino' and cpu.machine == 'x86_64' and cpu.has_bf16:
        return [*int8, 'bf16', 'f32']
    if engine == 'openvino' and cpu.machine != 'x86_64' and cpu.has_f16:
        return [*int8, 'f16', 'f32']
    return [*int8, 'f32']


def choose_precisions(
    precision: str, engine: str, cpu: Cpu, stored: Collection[str] = FLOATS
) -> list[str]:
    """As asked, or for 'auto' all that the engine, the CPU and the model's files have.

    `stored`: the precisions that the model has files for. Fastest first; UserError if none.
    """
    check_choice('precision', precision, (AUTO, *PRECISIONS))
    supported = supported_precisions(engine, cpu)
    usable = [name for name in supported if name in stored]
    if precision in usable:
        return [precision]
    if precision == AUTO and usable:
        return usable
    if precision in supported or not usable:
        raise UserError(
            f"precision '{precision}' is not to be had: the model file has {', '.join(stored)}, "
            f"and engine '{engine}' on this CPU {', '.join(supported)}"
        )
    raise UserError(
        f"precision '{precision}' is not supported by engine '{engine}' on this CPU: "
        f'choose one of {", ".join((AUTO, *usable))}'
    )


def load_engine(
    model: str = DEFAULT, engine: str = AUTO, precision: str = AUTO, num_threads: int = 1
) -> Engine:
    """Loads `model`; every choice that is 'auto' is made here. UserError on any mistake."""
    check_threads(num_threads)
    broken: dict[str, str] = {}
    for name in choose_engines(engine, model):
        candidates = _choose_files(model, name, precision)
        try:
            kind = _engine_class(name)
        except (ImportError, OSError) as error:  # OSError: of a library that ctypes loads
            broken[name] = str(error)
            if engine == AUTO:
                LOGGER.warning("engine '%s' is left out, it cannot be imported: %s", name, error)
            continue
        return _load(kind, candidates, num_threads)
    reasons = ', '.join(f'{name} ({reason})' for name, reason in broken.items())
    raise UserError(
        f"engine '{engine}' cannot be imported: {reasons}: pip install --force-reinstall "
        f'{next(iter(broken))}, or choose another one'
    )


def _choose_files(model: str, engine: str, precision: str) -> list[tuple[str, Path]]:
    """(precision, file that has it) to try, fastest first; UserError where there are none."""
    path = resolve_model(model, ENGINE_SUFFIXES[engine])
    files, cpu = model_files(path), Cpu.detect()
    if precision == INT8 and INT8 not in files and INT8 in supported_precisions(engine, cpu):
        raise no_int8(path)
    choices = choose_precisions(precision, engine, cpu, files)
    return [(choice, files[choice]) for choice in choices]


def _load(kind: type[Engine], candidates: list[tuple[str, Path]], num_threads: int) -> Engine:
    """The first that runs in its precision: a library may have its own mind."""
    for precision, path in candidates:
        loaded = kind(path, precision, num_threads)
        if loaded.precision == precision:
            return loaded
    raise UserError(
        f"engine '{kind.name}' runs '{path}' in {loaded.precision}, not in {precision}: choose "
        f'another precision than {precision}'
    )


def _engine_class(name: str) -> type[Engine]:
    """Imports one engine's library, and no other's."""
    if name == 'openvino':
        from fastdepth_ros.engines.openvino_engine import OpenVinoEngine

        return OpenVinoEngine
    if name == 'onnxruntime':
        from fastdepth_ros.engines.onnxruntime_engine import OnnxRuntimeEngine

        return OnnxRuntimeEngine
    from fastdepth_ros.engines.torch_engine import TorchEngine

    return TorchEngine
