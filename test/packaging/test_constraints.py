"""constraints.txt pins every package that the two commands install, directly or not."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PIPS = {'pip', 'wheel', 'setuptools'}  # what a virtual environment begins with
OURS = 'fastdepth-ros'


@pytest.fixture(scope='module')
def pinned() -> dict[str, list[Requirement]]:
    """Name: its lines."""
    lines = (ROOT / 'constraints.txt').read_text().splitlines()
    pins: dict[str, list[Requirement]] = {}
    for line in lines:
        if line and not line.startswith('#'):
            requirement = Requirement(line)
            pins.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return pins


def needed(extras: list[Requirement]) -> set[str]:
    """Names of all that is installed for these, through what each package asks for itself."""
    waiting, seen = [*extras], set[tuple[str, str]]()
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if asked.marker and not asked.marker.evaluate({'extra': ''}):
            continue
        for extra in {'', *asked.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            try:
                texts = importlib.metadata.requires(name) or []
            except importlib.metadata.PackageNotFoundError:
                continue  # of the training extra, where it is not installed
            for requirement in map(Requirement, texts):
                marker = requirement.marker
                if marker is None or marker.evaluate({'extra': extra}):
                    requirement.marker = None
                    waiting.append(requirement)
    return {name for name, _ in seen}


def test_every_line_is_one_exact_version(pinned: dict[str, list[Requirement]]) -> None:
    for name, requirements in pinned.items():
        for requirement in requirements:
            (version,) = requirement.specifier
            assert version.operator == '==', name
            assert '*' not in version.version, name


@pytest.mark.parametrize('python', ['3.10', '3.11', '3.12', '3.13'])
def test_of_two_lines_one_holds_on_each_python(
    python: str, pinned: dict[str, list[Requirement]]
) -> None:
    place = {'python_version': python, 'python_full_version': f'{python}.0'}
    for name, requirements in pinned.items():
        held = [r for r in requirements if r.marker is None or r.marker.evaluate(place)]
        assert len(held) <= 1, f'{name} is pinned twice on Python {python}'
        assert held or len(requirements) == 1, f'{name} is not pinned on Python {python}'


def test_all_that_is_installed_for_the_two_commands_is_pinned(
    pinned: dict[str, list[Requirement]],
) -> None:
    pytest.importorskip('setuptools')
    from distutils.core import run_setup

    package = run_setup(str(ROOT / 'setup.py'), stop_after='init')
    lists = [package.install_requires, *package.extras_require.values()]
    asked = [Requirement(line) for lines in lists for line in lines]
    missing = needed(asked) - set(pinned) - PIPS
    assert not missing


def test_the_audit_does_not_take_what_it_could_not_look_up_for_good(capsys) -> None:
    spec = importlib.util.spec_from_file_location('audit', ROOT / '.ci' / 'audit.py')
    assert spec
    assert spec.loader
    audit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(audit)
    good = {'name': 'a', 'version': '1', 'vulns': []}
    bad = {'name': 'b', 'version': '2', 'vulns': [{'id': 'CVE-1', 'fix_versions': ['3']}]}
    unknown = {'name': 'c', 'skip_reason': 'not found on PyPI'}
    for packages, code, words in (
        ([good, good], 0, '2 of 2 packages audited, 0 bad'),
        ([good, bad], 1, 'b 2: CVE-1, mended in 3'),
        ([good, unknown], 3, '1 of 2 packages audited, 0 bad\nnot audited, first: not found'),
    ):
        assert audit.tell(audit.parsed(json.dumps({'dependencies': packages}))) == code
        assert words in capsys.readouterr().out
    with pytest.raises(ValueError, match='.'):
        audit.parsed('{}')
