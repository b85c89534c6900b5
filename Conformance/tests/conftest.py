from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness import sample
from harness.server import PROGRAM, Server


def pytest_sessionstart(session: pytest.Session) -> None:
    if not PROGRAM.exists() and not session.config.option.collectonly:
        pytest.exit(f'{PROGRAM} is missing; run make build, or name the program in HEARTH_PROGRAM', returncode=2)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    out = sample.left_out(items, sample.share(), sample.turn())
    if out:
        config.hook.pytest_deselected(items=out)
        names = set(map(id, out))
        items[:] = [item for item in items if id(item) not in names]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / 'data'


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    """A server of this test's own on a fresh data folder."""
    with Server(data) as running:
        yield running


@pytest.fixture
def server_with(data: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server with extra arguments; it is stopped after the test."""
    started: list[Server] = []

    def start(*arguments: str) -> Server:
        running = Server(data, *arguments)
        started.append(running)
        return running.start()

    yield start
    for running in started:
        if running.process and running.process.poll() is None:
            running.stop()


@pytest.fixture(scope='module')
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a module; each test must use traces or names of its own."""
    with Server(tmp_path_factory.mktemp('shared') / 'data') as running:
        yield running
