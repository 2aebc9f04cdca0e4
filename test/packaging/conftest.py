"""The package as it is installed, each way away from the checkout; and what its code imports."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGED = (
    *('fastdepth_ros', 'launch', 'config', 'models', 'resource'),
    *('package.xml', 'pyproject.toml', 'setup.py', 'LICENSE'),
)
NO_BYTECODE = {**os.environ, 'PYTHONDONTWRITEBYTECODE': '1'}


@dataclass(frozen=True)
class Installed:
    """Where one way of installing has put the package, and how its files are run."""

    prefix: Path
    setup: str  # shell commands that a user gives before running anything
    work: Path  # an empty folder to run in

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Runs `command` after `setup`, with this Python first on the PATH."""
        return self.start(*command)()

    def start(self, *command: str | Path) -> Callable[[], subprocess.CompletedProcess[str]]:
        """As `run`, but returns at once with a function that waits for the end."""
        line = ['sh', '-c', f'{self.setup}\nexec "$@"', 'sh', *map(str, command)]
        env = {**NO_BYTECODE, 'PATH': f'{Path(sys.executable).parent}:{os.environ["PATH"]}'}
        env.pop('PYTHONPATH', None)
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            line, cwd=self.work, env=env, text=True, stdout=pipe, stderr=pipe
        )

        def wait() -> subprocess.CompletedProcess[str]:
            out, err = process.communicate(timeout=120)
            return subprocess.CompletedProcess(line, process.returncode, out, err)

        return wait


@pytest.fixture(scope='session', params=['colcon', 'colcon --symlink-install', 'pip'])
def installed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    """The package as installed by each of the three ways."""
    base = tmp_path_factory.mktemp(request.param.replace(' ', ''))
    source = base / 'source'
    source.mkdir()
    for name in PACKAGED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns('__pycache__')
            shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, source)
    (base / 'work').mkdir()
    if request.param == 'pip':
        return install_with_pip(base)
    return build_with_colcon(base, *request.param.split()[1:])


def build_with_colcon(base: Path, *options: str) -> Installed:
    """colcon build, in a workspace of its own."""
    pytest.importorskip('colcon_ros')
    command = 'import sys; from colcon_core.command import main; sys.exit(main())'
    done = subprocess.run(
        [sys.executable, '-c', command, '--log-base', 'log', 'build', *options],
        cwd=base,
        env={**NO_BYTECODE, 'COLCON_HOME': str(base / 'home')},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    install = base / 'install'
    setup = f'COLCON_CURRENT_PREFIX={install} . {install}/setup.sh'
    return Installed(install / 'fastdepth_ros', setup, base / 'work')


def install_with_pip(base: Path) -> Installed:
    """pip install into a prefix; nothing is downloaded."""
    prefix = base / 'prefix'
    options = ['--no-deps', '--no-build-isolation', '--no-compile', '--prefix', str(prefix)]
    options.append('--ignore-installed')  # or pip takes the package out of this environment
    done = subprocess.run(
        [sys.executable, '-m', 'pip', 'install', *options, str(base / 'source')],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert 'uninstall' not in done.stdout.lower()
    [site] = prefix.glob('lib/python*/site-packages')
    setup = f'export PYTHONPATH={site} AMENT_PREFIX_PATH={prefix}'
    return Installed(prefix, setup, base / 'work')


@pytest.fixture(scope='session')
def imported() -> dict[str, set[str]]:
    """Packages that our code imports, but for Python's own: the folders with files that do."""
    found: dict[str, set[str]] = {}
    for path in [*ROOT.glob('fastdepth_ros/**/*.py'), *ROOT.glob('launch/*.py')]:
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or '']
            for name in names:
                found.setdefault(name.split('.')[0], set()).add(path.parent.name)
    ours = {'fastdepth_ros', *sys.stdlib_module_names}
    return {name: folders for name, folders in found.items() if name not in ours}
