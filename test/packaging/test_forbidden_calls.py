"""Nothing in the package unpickles, evaluates or shells out, and every reader of files is one of
those that have limits. Found in the source, so that it holds for code that no test runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    [
        *(ROOT / 'fastdepth_ros').rglob('*.py'),
        *(ROOT / 'launch').glob('*.py'),
        *(ROOT / '.ci').glob('*.py'),
        ROOT / 'resource' / 'run_command',
        ROOT / 'setup.py',
    ]
)
MODULES = {  # name or its first part: why not
    **dict.fromkeys(
        ('pickle', 'cPickle', 'dill', 'cloudpickle', 'joblib', 'marshal', 'shelve'),
        'runs code of the file: network/inert_pickle.py reads pickles as data',
    ),
    **dict.fromkeys(
        ('socket', 'ssl', 'http', 'urllib', 'requests', 'ftplib', 'smtplib', 'xmlrpc'),
        'the package opens no connection of its own',
    ),
    'commands': 'runs a shell',
}
CALLS = {  # dotted name: why not
    **dict.fromkeys(('eval', 'exec', 'compile', '__import__'), 'runs text as code'),
    **dict.fromkeys(
        ('os.system', 'os.popen', 'subprocess.getoutput', 'subprocess.getstatusoutput'),
        'runs a shell',
    ),
    **dict.fromkeys(
        (
            *('yaml.load', 'yaml.load_all', 'yaml.unsafe_load', 'yaml.unsafe_load_all'),
            *('yaml.full_load', 'yaml.full_load_all', 'yaml.Loader', 'yaml.UnsafeLoader'),
        ),
        'makes objects that the file names',
    ),
    **dict.fromkeys(
        ('yaml.safe_load', 'yaml.safe_load_all', 'json.load', 'json.loads'),
        'documents.py has the limits',
    ),
    **dict.fromkeys(
        ('numpy.load', 'numpy.fromfile', 'numpy.loadtxt', 'numpy.genfromtxt', 'numpy.memmap'),
        'arrays.py has the limits',
    ),
    **dict.fromkeys(
        ('cv2.imread', 'cv2.imdecode', 'cv2.imreadmulti', 'cv2.FileStorage'),
        'pictures/decoding.py has the limits',
    ),
    **dict.fromkeys(
        ('scipy.io.loadmat', 'scipy.io.whosmat', 'torch.hub.load', 'torch.jit.load'),
        'ends the process, or runs code of the file',
    ),
    **dict.fromkeys(
        ('shutil.unpack_archive', 'tempfile.mktemp'),
        'writes where the archive says, or where another may have written',
    ),
    **dict.fromkeys(
        ('cv2.imwrite', 'shutil.copyfile', 'shutil.copy', 'shutil.copy2', 'shutil.move'),
        'files.write_atomically leaves no half file',
    ),
}
METHODS = {  # of anything: why not
    **dict.fromkeys(('extractall', 'extract'), 'offline/data/extraction.py checks each member'),
    **dict.fromkeys(('write_text', 'write_bytes'), 'files.write_atomically leaves no half file'),
}
ALLOWED = {  # (file, what): why
    ('.ci/audit.py', 'json.loads'): 'of the pip-audit that it has started',
    ('fastdepth_ros/documents.py', 'yaml.safe_load'): 'it is what has the limits',
    ('fastdepth_ros/documents.py', 'yaml.safe_load_all'): 'it is what has the limits',
    ('fastdepth_ros/documents.py', 'json.loads'): 'it is what has the limits',
    ('fastdepth_ros/pictures/decoding.py', 'cv2.imdecode'): 'it is what has the limits',
    ('fastdepth_ros/offline/record/manifest.py', 'json.loads'): 'of what it has just dumped',
    ('fastdepth_ros/ros/diagnostics.py', 'import socket'): "only for this machine's name",
    ('fastdepth_ros/files.py', "open('ab')"): 'of what is no file',
    ('fastdepth_ros/offline/sweep/trials.py', "open('a')"): 'the log of a trial, line by line',
}


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """(what is forbidden, why) of a source text."""
    tree = ast.parse(text)
    names = imported_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from forbidden_imports(node)
        elif isinstance(node, ast.Call):
            yield from forbidden_call(node, names)
        elif isinstance(node, (ast.Attribute, ast.Name)):
            name = dotted(node, names)
            if name in CALLS:
                yield name, CALLS[name]


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Name in the file: dotted name of what it means."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            plain = [a.name.partition('.')[0] for a in node.names if not a.asname]
            names |= {name: name for name in plain}
            names |= {a.asname: a.name for a in node.names if a.asname}
        elif isinstance(node, ast.ImportFrom):
            names |= {a.asname or a.name: f'{node.module}.{a.name}' for a in node.names}
    return names


def dotted(node: ast.AST, names: dict[str, str]) -> str:
    """numpy.load of `np.load`; '' for what is no name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        base = dotted(node.value, names)
        return f'{base}.{node.attr}' if base else ''
    return ''


def forbidden_imports(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    else:
        modules = [node.module or '']
    for module in modules:
        first = module.partition('.')[0]
        if first in MODULES:
            yield f'import {first}', MODULES[first]


def forbidden_call(node: ast.Call, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    name = dotted(node.func, names)
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ''
    if method in METHODS:
        yield f'.{method}', METHODS[method]
    if 'shell' in given and not is_constant(given['shell'], False):
        yield 'shell=', 'runs a shell'
    if 'allow_pickle' in given and not is_constant(given['allow_pickle'], False):
        yield 'allow_pickle=', 'runs code of the file'
    if name == 'torch.load' and not is_constant(given.get('weights_only'), True):
        yield 'torch.load', 'runs code of the file without weights_only=True'
    if name in ('open', 'io.open') or method == 'open':
        mode = given.get('mode', node.args[1] if name == 'open' and node.args[1:] else None)
        if method == 'open' and mode is None and node.args:
            mode = node.args[0]
        text = mode.value if isinstance(mode, ast.Constant) else ''
        if isinstance(text, str) and set(text) & set('wax+') and len(text) <= 3:
            yield f'open({text!r})', 'files.write_atomically leaves no half file'


def is_constant(node: ast.AST | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_does_what_is_forbidden(path: Path) -> None:
    shown = path.relative_to(ROOT).as_posix()
    found = [
        f'{what}: {why}'
        for what, why in found_in(path.read_text())
        if (shown, what) not in ALLOWED
    ]
    assert not found, f'{shown} has {found}'


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_openvino_is_nowhere_imported_before_its_telemetry_is_off(path: Path) -> None:
    lines = path.read_text().splitlines()
    imports = [i for i, line in enumerate(lines) if line.strip().startswith('import openvino')]
    assert all('import no_telemetry' in lines[i - 1] for i in imports)


def test_what_is_allowed_is_there() -> None:
    for (shown, what), _ in ALLOWED.items():
        assert what in {name for name, _ in found_in((ROOT / shown).read_text())}, (shown, what)


@pytest.mark.parametrize(
    ('text', 'what'),
    [
        ('import pickle', 'import pickle'),
        ('from pickle import loads', 'import pickle'),
        ('import urllib.request', 'import urllib'),
        ('eval("1")', 'eval'),
        ('run = exec', 'exec'),
        ('import os\nos.system("ls")', 'os.system'),
        ('from os import system as s\ns("ls")', 'os.system'),
        ('import subprocess as sp\nsp.run("ls", shell=True)', 'shell='),
        ('import subprocess\nsubprocess.Popen("ls", shell=x)', 'shell='),
        ('import yaml\nyaml.load(t, Loader=yaml.Loader)', 'yaml.load'),
        ('from yaml import unsafe_load\nunsafe_load(t)', 'yaml.unsafe_load'),
        ('import yaml\nyaml.safe_load(t)', 'yaml.safe_load'),
        ('import torch\ntorch.load(p)', 'torch.load'),
        ('import torch\ntorch.load(p, weights_only=False)', 'torch.load'),
        ('import numpy as np\nnp.load(p)', 'numpy.load'),
        ('f(p, allow_pickle=True)', 'allow_pickle='),
        ('import tarfile\ntarfile.open(p).extractall(q)', '.extractall'),
        ('archive.extract(member)', '.extract'),
        ('import cv2\ncv2.imread(p)', 'cv2.imread'),
        ('import scipy.io\nscipy.io.loadmat(p)', 'scipy.io.loadmat'),
        ('def f():\n    from scipy.io import loadmat\n    loadmat(p)', 'scipy.io.loadmat'),
        ('open(p, "w")', "open('w')"),
        ('path.open("wb")', "open('wb')"),
        ('path.open(mode="a")', "open('a')"),
        ('path.write_text(t)', '.write_text'),
    ],
)
def test_the_check_finds(text: str, what: str) -> None:
    assert what in {name for name, _ in found_in(text)}


@pytest.mark.parametrize(
    'text',
    [
        'import torch\ntorch.load(p, weights_only=True)',
        'import subprocess\nsubprocess.run(["ls"], shell=False)',
        'import numpy as np\nnp.save(buffer, a, allow_pickle=False)',
        'model.eval()',
        'open(p)\npath.open("rb")',
        'import re\nre.compile("a")',
    ],
)
def test_the_check_lets_pass(text: str) -> None:
    assert not list(found_in(text))
