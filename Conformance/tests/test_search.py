"""Search in messages (D2): the index of message pages finds what a full scan finds, right after the acknowledgement and in segments."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.otlp import send, span, traces
from harness.query import value
from harness.server import Server

IN, OUT = 'gen_ai.input.messages', 'gen_ai.output.messages'
FAST = ('--storage-idle-seconds', '1', '--storage-idle-rotation-bytes', '1')
WORDS = ['invoice', 'Harbour', 'quiet', 'maple', 'ledger', 'Zoë', 'déjà', 'naïve', 'lantern', 'orchard', '100%', 'snake_case', 'C:\\temp']
PHRASES = ['maple ledger', 'MAPLE LEDGER', 'mApLe', 'zoë', 'ZOË', 'Déjà naïve', 'orch', '"role"', 'no such phrase', "it's", 'red']
"""In the case of the messages and in others, within words, with marks of JSON and SQL, and one that nobody said."""


def message(chance: random.Random, number: int) -> str:
    words = [chance.choice(WORDS) for _ in range(60)]
    if number % 97 == 0:
        words.insert(30, "it's the Red Heron")
    return json.dumps([{'role': 'user', 'parts': [{'type': 'text', 'content': ' '.join(words)}]}], ensure_ascii=number % 2 == 0)


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope='module')
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[tuple[str, str]]]]:
    """A server and what model calls sent to it said, in pairs of input and output."""
    chance = random.Random(2)
    with Server(tmp_path_factory.mktemp('search') / 'data', *FAST) as server:
        pairs: list[tuple[str, str]] = []
        for batch in range(6):
            spans = []
            for i in range(100):
                pair = (message(chance, batch * 100 + i), message(chance, batch * 100 + i + 1))
                pairs.append(pair)
                spans.append(span(f'chat {i}', values={'gen_ai.operation.name': 'chat', IN: pair[0], OUT: pair[1]}))
            # Some are found where they are written, some in what is sealed meanwhile.
            assert send(server, traces(spans)).status_code == 200
            check(server, pairs)
        yield server, pairs


def check(server: Server, pairs: list[tuple[str, str]]) -> None:
    for phrase in PHRASES:
        found = f"attributes->>'{IN}' ILIKE {literal(f'%{phrase}%')} OR attributes->>'{OUT}' ILIKE {literal(f'%{phrase}%')}"
        # lower() hides the attribute from the index.
        scanned = f"contains(lower(attributes->>'{IN}'), lower({literal(phrase)})) OR contains(lower(attributes->>'{OUT}'), lower({literal(phrase)}))"
        truth = sum(phrase.lower() in given.lower() or phrase.lower() in answered.lower() for given, answered in pairs)
        assert value(server, f'SELECT count(*) FROM records WHERE {found}') == truth, phrase
        assert value(server, f'SELECT count(*) FROM records WHERE {scanned}') == truth, phrase


def test_D2_search_equals_the_truth_and_a_full_scan(said: tuple[Server, list[tuple[str, str]]]) -> None:
    server, pairs = said
    for phrase in ('maple ledger', "it's"):
        assert any(phrase in given for given, _ in pairs), 'the test looks for something'
    deadline = time.monotonic() + 30
    while server.http.get('/healthz', params={'settled': '1'}).status_code != 200:
        assert time.monotonic() < deadline, 'not settled'
        time.sleep(0.1)
    assert list(Path(server.data).rglob('*.pages')), 'the messages are in pages'
    check(server, pairs)


def test_D2_the_case_counts_where_it_should(said: tuple[Server, list[tuple[str, str]]]) -> None:
    server, pairs = said
    for phrase in ('Zoë', 'ZOË', 'Red Heron', 'red heron'):
        truth = sum(phrase in given for given, _ in pairs)
        for condition in (f"attributes->>'{IN}' LIKE {literal(f'%{phrase}%')}", f"contains(attributes->>'{IN}', {literal(phrase)})"):
            assert value(server, f'SELECT count(*) FROM records WHERE {condition}') == truth, condition
