"""Waiting for what a page or a server comes to by itself."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar('T')


def eventually(read: Callable[[], T], holds: Callable[[T], bool], seconds: float = 30) -> T:
    """Reads until what is read holds, and returns it; says what was read last when that never comes."""
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if holds(value):
            return value
        assert time.monotonic() < deadline, f'after {seconds} s still {value!r}'
        time.sleep(0.05)
