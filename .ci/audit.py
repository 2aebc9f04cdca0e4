"""What is known to be wrong with the packages that constraints.txt pins, by pip-audit.

A package that pip-audit could not look up is not taken for a good one: without its database, which
is on pypi.org, nothing is audited and this ends with 3. 1: something is known; 0: nothing is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

COMMAND = ('pip_audit', '--requirement', 'constraints.txt', '--no-deps', '--disable-pip')
QUIETLY = ('--progress-spinner', 'off', '--format', 'json')
KNOWN, UNKNOWN = 1, 3


def main() -> int:
    """Runs pip-audit in this environment and says what it says, in a few lines."""
    finished = subprocess.run(
        [sys.executable, '-m', *COMMAND, *QUIETLY], capture_output=True, text=True
    )
    try:
        packages = parsed(finished.stdout)
    except ValueError:
        print(f'pip-audit failed:\n{finished.stderr}', file=sys.stderr)
        return UNKNOWN
    return tell(packages)


def parsed(text: str) -> list[dict[str, Any]]:
    """The packages of pip-audit's JSON. ValueError."""
    try:
        return list(json.loads(text)['dependencies'])
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def tell(packages: list[dict[str, Any]]) -> int:
    """Prints what is known; the exit code."""
    skipped = [package for package in packages if 'skip_reason' in package]
    bad = [package for package in packages if package.get('vulns')]
    for package in bad:
        for known in package['vulns']:
            fixed = ', '.join(known.get('fix_versions', [])) or 'no version yet'
            print(f'{package["name"]} {package["version"]}: {known["id"]}, mended in {fixed}')
    print(f'{len(packages) - len(skipped)} of {len(packages)} packages audited, {len(bad)} bad')
    if skipped:
        print(f'not audited, first: {skipped[0]["skip_reason"]}')
    return KNOWN if bad else UNKNOWN if skipped else 0


if __name__ == '__main__':
    sys.exit(main())
