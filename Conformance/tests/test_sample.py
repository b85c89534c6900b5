"""The part of the suite that CI runs."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.sample import left_out, share


@dataclass(frozen=True)
class Case:
    path: Path
    originalname: str
    name: str


def cases(function: str, count: int, path: str = 'a.py') -> list[Case]:
    return [Case(Path(path), function, f'{function}[{index}]') for index in range(count)]


def test_every_function_runs_and_every_case_has_its_turn() -> None:
    everything = cases('one', 1) + cases('two', 2) + cases('ten', 10) + cases('ten', 4, 'b.py')
    seen: set[Case] = set()
    for turn in range(7, 10):
        kept = set(everything) - set(left_out(everything, 3, turn))
        assert {(case.path, case.originalname) for case in kept} == {(case.path, case.originalname) for case in everything}
        assert {*cases('one', 1), *cases('two', 2)} <= kept
        assert len(kept) <= 3 + 4 + 2
        seen |= kept
    assert seen == set(everything)
    assert left_out(everything, 1, 5) == []


@pytest.mark.parametrize('text', ['2/3', 'half', '1/0', '1/'])
def test_a_share_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv('HEARTH_TESTS', text)
    with pytest.raises(pytest.UsageError, match='HEARTH_TESTS is all or a share'):
        share()
