"""A part of the suite for machines that have no hour: every test function runs, of its parameters a share that changes with the commit."""

import os
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

# Functions with few parameters run with all of them.
FEW = 2


def share() -> int:
    """`HEARTH_TESTS=1/3` runs a third of the parameters of each function; 1 without it."""
    text = os.environ.get('HEARTH_TESTS', 'all')
    if text == 'all':
        return 1
    numerator, _, denominator = text.partition('/')
    if numerator != '1' or not denominator.isdigit() or int(denominator) < 1:
        raise pytest.UsageError(f'HEARTH_TESTS is all or a share such as 1/3, not {text}')
    return int(denominator)


def turn() -> int:
    """A number that changes with every commit, so that all parameters have their turn."""
    answer = subprocess.run(
        ['git', 'rev-list', '--count', 'HEAD'], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return int(answer.stdout) if answer.returncode == 0 else 0


def left_out(items: list[pytest.Item], share: int, turn: int) -> list[pytest.Item]:
    """Those of `items` whose turn it is not."""
    functions: defaultdict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        functions[str(item.path), getattr(item, 'originalname', item.name)].append(item)
    return [
        item
        for cases in functions.values()
        if len(cases) > FEW
        for index, item in enumerate(cases)
        if (index + turn) % share
    ]
