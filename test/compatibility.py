"""A script: the torch-free suite on other Pythons and NumPys; exit code 1 if any failed.

    make compatibility                    # all rows: an hour on two cores
    make compatibility ROWS='3.13 numpy1'

Each row has a virtual environment of its own, .venv-ROW, and the versions of constraints.txt but
for those named here. Its output is in .venv-ROW/output.txt. docs/compatibility.md has the figures.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = {'ROS_PYTHON_CHECK_FIELDS': '1'}  # what Humble always does: types of message fields
NUMPY_1 = {'numpy': '1.26.4', 'opencv-python-headless': '4.11.0.86', 'ml-dtypes': '0.5.4'}
# The oldest that setup.py allows, as Ubuntu 22.04 (Humble) has them, where they are on PyPI.
UBUNTU_22 = {
    'av': '15.0.0',
    'contourpy': '1.0.7',
    'h5py': '3.6.0',
    'jinja2': '3.0.3',
    'markupsafe': '2.0.1',
    'matplotlib': '3.5.1',
    'ml-dtypes': '0.5.4',
    'numpy': '1.21.6',
    'onnx': '1.16.2',
    'onnxruntime': '1.18.0',
    'opencv-python-headless': '4.5.5.64',
    'openvino': '2024.0.0',
    'openvino-telemetry': '2023.2.1',
    'protobuf': '4.25.8',
    'psutil': '5.9.0',
    'pyyaml': '6.0.1',  # 5.4.1 there; it has no wheel for Python 3.10
    'rosbags': '0.11.7',
    'safetensors': '0.4.5',
    'scipy': '1.8.0',
    'tqdm': '4.57.0',
}


@dataclass(frozen=True)
class Row:
    """What a run differs in."""

    python: str
    versions: dict[str, str] = field(default_factory=dict)  # of packages, instead of the pinned
    environment: dict[str, str] = field(default_factory=dict)


ROWS = {
    '3.10': Row('3.10'),
    '3.12': Row('3.12', environment=CHECKS),
    '3.13': Row('3.13'),
    'numpy1': Row('3.12', NUMPY_1),
    'humble': Row('3.10', UBUNTU_22, CHECKS),
}


def interpreter(version: str) -> str | None:
    """python3.X of the PATH or of pyenv, if it starts."""
    pyenv = Path(os.environ.get('PYENV_ROOT', Path.home() / '.pyenv')) / 'versions'
    found = [shutil.which(f'python{version}'), *sorted(pyenv.glob(f'{version}.*/bin/python3'))]
    for path in (str(path) for path in found if path):
        if subprocess.run([path, '--version'], capture_output=True).returncode == 0:
            return path
    return None


def constraints(row: Row, text: str) -> str:
    """constraints.txt with the row's versions."""
    lines = [line for line in text.splitlines() if line.split('==')[0].lower() not in row.versions]
    return '\n'.join([*lines, *(f'{n}=={v}' for n, v in row.versions.items())]) + '\n'


def write_if_other(path: Path, text: str) -> None:
    """So that make installs again only after a change."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def run(name: str, row: Row, python: str) -> list[object]:
    """The row's line of the table; whether it failed is its second cell."""
    folder = ROOT / f'.venv-{name}'
    pins, results = folder / 'constraints.txt', folder / 'results.xml'
    write_if_other(pins, constraints(row, (ROOT / 'constraints.txt').read_text()))
    results.unlink(missing_ok=True)
    started = time.monotonic()
    command = ['make', 'test-without-torch', f'VENV={folder.name}', f'PYTHON={python}']
    command += [f'CONSTRAINTS={pins.relative_to(ROOT)}', f'PYTEST_ARGS=-q --junitxml={results}']
    with (folder / 'output.txt').open('w') as output:
        subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **row.environment},
            stdout=output,
            stderr=output,
            # of a shell's background job, whose children would ignore Ctrl-C, and tests send it
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    minutes = f'{(time.monotonic() - started) / 60:.0f}'
    checks = 'on' if row.environment else 'off'
    return [name, *counts(results), *versions(folder), checks, minutes]


def counts(results: Path) -> list[object]:
    """['ok' or 'FAILED', passed, failed, skipped] of pytest's XML."""
    if not results.exists():
        return ['FAILED', 0, 0, 0]
    suite = ElementTree.parse(results).getroot()[0]
    total, failed, errors, skipped = (
        int(suite.get(name, 0)) for name in ('tests', 'failures', 'errors', 'skipped')
    )
    bad = failed + errors
    return ['FAILED' if bad else 'ok', total - bad - skipped, bad, skipped]


def versions(folder: Path) -> list[str]:
    """[Python's, NumPy's, OpenCV's]."""
    code = (
        'import sys, numpy, cv2; print(sys.version.split()[0], numpy.__version__, cv2.__version__)'
    )
    command = [folder / 'bin/python', '-c', code]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.split() or ['?', '?', '?']


def main(names: list[str]) -> int:
    """Runs these rows (none: all), one after the other."""
    unknown = sorted(set(names) - set(ROWS))
    if unknown:
        print(f'error: unknown row {unknown[0]!r}: choose of {", ".join(ROWS)}', file=sys.stderr)
        return 2
    heads = ['row', 'result', 'passed', 'failed', 'skipped', 'Python', 'NumPy', 'OpenCV']
    table: list[list[object]] = [[*heads, 'field checks', 'minutes']]
    table.append(['---'] * len(table[0]))
    for name in names or ROWS:
        row, python = ROWS[name], interpreter(ROWS[name].python)
        if python is None:
            table.append([name, f'FAILED: no python{row.python} here', *[''] * 8])
        else:
            print(f'{name}: see .venv-{name}/output.txt', file=sys.stderr)
            table.append(run(name, row, python))
    print('\n'.join(f'| {" | ".join(map(str, line))} |' for line in table))
    return int(any('FAILED' in str(line[1]) for line in table))


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
