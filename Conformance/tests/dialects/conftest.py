from collections.abc import Callable, Iterator

import pytest

from harness.emitters import Outcome, Scenario, run
from harness.server import Server


@pytest.fixture(scope='session')
def dialect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all scenarios; each of them is a service of its own."""
    with Server(tmp_path_factory.mktemp('dialects') / 'data') as server:
        yield server


@pytest.fixture(scope='session')
def outcome_of(dialect_server: Server) -> Callable[[Scenario], Outcome]:
    """What a scenario left; its program runs when it is first asked for."""
    outcomes: dict[str, Outcome] = {}

    def find(scenario: Scenario) -> Outcome:
        if scenario.service not in outcomes:
            outcomes[scenario.service] = run(dialect_server, scenario)
        return outcomes[scenario.service]

    return find
