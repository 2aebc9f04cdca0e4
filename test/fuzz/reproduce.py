"""What one input comes to: python -m fuzz.reproduce PARSER FILE."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fuzz.target import NAMES, Finding, Target, outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('parser', choices=NAMES)
    parser.add_argument('file', type=Path)
    args = parser.parse_args()
    found = outcome(Target.load(args.parser), args.file.read_bytes())
    print(f'{found.kind}\n{found.text}' if isinstance(found, Finding) else found)
    return 1 if isinstance(found, Finding) else 0


if __name__ == '__main__':
    sys.exit(main())
