"""Captured requests of real clients, replayed: whatever the order, and however often each arrives, the figures are the same."""

import random
from pathlib import Path
from typing import Any

import pytest

from harness.figures import measured, wanted
from harness.fixtures import SCENARIOS, Request, expected, requests
from harness.server import Server

def in_order(scenario: str) -> list[Request]:
    return requests(scenario)


def twice(scenario: str) -> list[Request]:
    return [request for request in requests(scenario) for _ in range(2)]


def shuffled(seed: int, copies: int = 1):
    def order(scenario: str) -> list[Request]:
        sent = requests(scenario) * copies
        random.Random(seed).shuffle(sent)
        return sent

    return order


ORDERS = {
    'in-order': in_order,
    'A4-each-twice': twice,
    'shuffled': shuffled(1),
    'A4-twice-shuffled': shuffled(2, copies=2),
}


def approximate(figures: Any) -> Any:
    """The same figures, floating-point ones within 1e-9."""
    if isinstance(figures, dict):
        return {key: approximate(value) for key, value in figures.items()}
    return pytest.approx(figures, rel=1e-12, abs=1e-9) if isinstance(figures, float) else figures


@pytest.mark.parametrize('order', ORDERS.values(), ids=ORDERS.keys())
@pytest.mark.parametrize('scenario', SCENARIOS)
def test_A3_A5_figures(scenario: str, order: Any, data: Path) -> None:
    with Server(data) as server:
        for request in order(scenario):
            request.send(server)
        answer = measured(server)
    figures = wanted(expected()[scenario], answer)
    for name, wanted_value in figures.items():
        assert answer[name] == approximate(wanted_value), name


def test_all_scenarios_in_one_folder_survive_a_restart(data: Path) -> None:
    """Replayed together, then again after a restart: nothing is lost and nothing doubles."""

    def replay(server: Server) -> None:
        for scenario in SCENARIOS:
            for request in requests(scenario):
                request.send(server)

    def totals(server: Server) -> dict[str, Any]:
        answer = measured(server)
        return {key: answer[key] for key in ('records', 'spans', 'logs', 'traces', 'llm', 'agents', 'tool_runs')}

    with Server(data) as server:
        replay(server)
        first = totals(server)
    with Server(data) as server:
        assert totals(server) == approximate(first)
        replay(server)
        assert totals(server) == approximate(first)
    assert first['records'] == sum(expected()[scenario]['records'] for scenario in SCENARIOS)
