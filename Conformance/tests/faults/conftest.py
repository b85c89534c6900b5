"""`make faults` runs all of it; the ordinary conformance run takes a bounded part (below a minute)."""

import os

import pytest

FULL = os.environ.get('HEARTH_FAULTS') == 'full'


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason='runs in make faults')
    for item in items:
        if not FULL and item.get_closest_marker('faults_full'):
            item.add_marker(skip)


@pytest.fixture(scope='session')
def full() -> bool:
    """Whether this is the whole suite."""
    return FULL
