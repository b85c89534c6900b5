"""The Swift SDK in bad company: servers that are down, slow or refuse, bad input, fork, and traffic read by a second receiver."""

import email.utils
import json
import math
import socket
import subprocess
import time
from pathlib import Path

import pytest

from harness.otlp_receiver import Receiver, attributes, silent_port
from harness.query import rows as rows_of
from harness.server import Server
from harness.swift import run, swift_program, variables


@pytest.fixture(scope='module')
def program() -> Path:
    return swift_program('Faults')


class Address:
    def __init__(self, port: int):
        self.url = f'http://127.0.0.1:{port}'


def counts(result: subprocess.CompletedProcess[str]) -> dict[str, int]:
    words = result.stdout.splitlines()[-1].split()
    return {name: int(number) for name, number in zip(words[::2], words[1::2])}


def test_everything_is_received_field_by_field(program: Path, tmp_path: Path) -> None:
    before = time.time_ns()
    with Receiver() as receiver:
        result = run(program, receiver, 'everything', folder=tmp_path, LOGFIRE_SERVICE_NAME='whole', LOGFIRE_ENVIRONMENT='test')
        after = time.time_ns()
        resources = [attributes(r.resource.attributes) for body in receiver.bodies for r in body.resource_spans]
        assert {r['service.name'] for r in resources} == {'whole'}
        assert {r['deployment.environment.name'] for r in resources} == {'test'}
        scopes = {s.scope.name for body in receiver.bodies for r in body.resource_spans for s in r.scope_spans}
        assert scopes == {'hearth'}
        assert all(h['content-type'] == 'application/x-protobuf' for h in receiver.headers)
        assert all(h['authorization'] == 'pylf_v1_local_test' for h in receiver.headers)
        spans = receiver.spans
    trace_id, span_id = result.stdout.splitlines()[0].split()
    assert {span.trace_id.hex() for span in spans} == {trace_id}
    assert len({span.span_id for span in spans}) == len(spans) == 6
    for span in spans:
        assert before <= span.start_time_unix_nano <= span.end_time_unix_nano <= after
        assert span.flags == 257

    root = next(span for span in spans if span.name == 'all of {text}')
    assert root.span_id.hex() == span_id
    assert not root.parent_span_id
    assert root.kind == 4
    got = attributes(root.attributes)
    assert json.loads(got.pop('logfire.json_schema')) == {
        'type': 'object',
        'properties': {
            'text': {}, 'whole': {}, 'large': {}, 'decimal': {}, 'flag': {}, 'none': {'type': 'null'}, 'list': {'type': 'array'},
            'members': {'type': 'object'}, 'too large': {},
        },
    }  # fmt: skip
    assert got.pop('code.lineno') > 0
    assert got == {
        'text': 'tëxt', 'whole': -5, 'large': 2**63 - 1, 'decimal': 1.5, 'flag': True, 'none': 'null', 'list': '[1,2,3]',
        'members': '{"k":"v"}', 'too large': str(2**64 - 1), 'logfire.span_type': 'span', 'logfire.msg_template': 'all of {text}',
        'logfire.msg': 'all of tëxt', 'logfire.level_num': 10, 'logfire.tags': ['a', 'b'], 'code.filepath': 'Faults/main.swift',
        'code.function': 'everything()',
    }  # fmt: skip
    assert [(link.trace_id.hex(), link.span_id.hex()) for link in root.links] == [('0' * 15 + '1' + '0' * 15 + '2', '0' * 15 + '3')]
    assert [(event.name, attributes(event.attributes)) for event in root.events] == [('happened', {'at': 'noon'})]
    assert root.events[0].time_unix_nano >= root.start_time_unix_nano

    children = sorted((span for span in spans if span.name == 'child {number}'), key=lambda span: span.start_time_unix_nano)
    lines = set()
    for number, child in enumerate(children):
        assert child.parent_span_id == root.span_id
        assert child.kind == 1
        got = attributes(child.attributes)
        lines.add(got.pop('code.lineno'))
        assert got == {
            'number': number, 'logfire.span_type': 'span', 'logfire.msg_template': 'child {number}', 'logfire.msg': f'child {number}',
            'logfire.json_schema': '{"type":"object","properties":{"number":{}}}', 'code.filepath': 'Faults/main.swift',
            'code.function': 'everything()',
        }  # fmt: skip
    assert len(children) == 3 and len(lines) == 1

    log = next(span for span in spans if span.name == 'log of {n}')
    got = attributes(log.attributes)
    assert (got['logfire.span_type'], got['logfire.msg'], got['logfire.level_num'], got['n']) == ('log', 'log of 1', 13, 1)
    assert log.start_time_unix_nano == log.end_time_unix_nano
    failing = next(span for span in spans if span.name == 'failing')
    assert failing.status.code == 2
    assert failing.status.message.endswith('Trouble()')
    exception = attributes(failing.events[0].attributes)
    assert exception['exception.type'].endswith('Trouble')
    assert exception['exception.escaped'] == 'True'


def test_bad_input_is_defined(program: Path, tmp_path: Path) -> None:
    with Receiver() as receiver:
        result = run(program, receiver, 'bad', folder=tmp_path)
        spans = receiver.spans
    assert counts(result)['lost'] == counts(result)['dropped'] == 0
    by_name = {span.name: attributes(span.attributes) for span in spans}
    messages = {name: got.get('logfire.msg') for name, got in by_name.items()}
    assert {name: messages[name] for name in ['{', '}', '{}', '{a', '{{a}}', '{a}}']} == {
        '{': '{', '}': '}', '{}': '{}', '{a': '{a', '{{a}}': '{a}', '{a}}': '1}',
    }  # fmt: skip
    assert math.isnan(by_name['numbers']['nan']) and math.isinf(by_name['numbers']['infinite'])
    assert json.loads(by_name['numbers']['list']) == ['NaN']
    # The default limit of texts.
    assert len(by_name['ten megabytes']['text']) == 4 * 1024 * 1024
    assert by_name['no text']['text'] == 'a\ufffd\0b'
    assert by_name['re-entrant']['chatty'] == 'said'
    assert 'from a conversion' in by_name
    assert [span.name for span in spans].count('ended twice') == 1
    assert 'late' not in by_name['ended twice']


def test_thousands_of_tasks(program: Path, tmp_path: Path) -> None:
    with Receiver() as receiver:
        run(program, receiver, 'tasks', folder=tmp_path)
        assert len({span.span_id for span in receiver.spans}) == len(receiver.spans) == 5000


def test_a_forked_child_sends_its_own_and_nothing_twice(program: Path, tmp_path: Path) -> None:
    for _ in range(3):
        with Receiver() as receiver:
            result = run(program, receiver, 'fork', folder=tmp_path)
            assert 'child ended with 0' in result.stdout
            spans = receiver.spans
        names = [span.name for span in spans]
        assert {name: names.count(name) for name in set(names)} == {'before': 100, 'parent': 1, 'child': 100, 'after': 100}
        assert len({span.span_id for span in spans}) == 301
        parent = next(span for span in spans if span.name == 'parent')
        assert all(span.parent_span_id == parent.span_id for span in spans if span.name in ('child', 'after'))


def test_a_slow_server_gets_everything_once(program: Path, tmp_path: Path) -> None:
    with Receiver(delay=0.5) as receiver:
        run(program, receiver, '3000', folder=tmp_path)
        assert len({span.span_id for span in receiver.spans}) == len(receiver.spans) == 3000


def test_a_server_that_never_answers_is_left_at_the_deadline(program: Path, tmp_path: Path) -> None:
    with silent_port() as listener:
        started = time.monotonic()
        result = run(program, Address(listener.getsockname()[1]), '100', folder=tmp_path, EXIT_SECONDS='2', FLUSH_SECONDS='1')
        assert time.monotonic() - started < 8
    assert counts(result)['exported'] == 100


def test_half_answers_and_closed_connections_are_repeated(program: Path, tmp_path: Path) -> None:
    with Receiver(cut=2) as receiver:
        result = run(program, receiver, '100', folder=tmp_path)
        assert len({span.span_id for span in receiver.spans}) == len(receiver.spans) == 100
    assert result.stderr.count('could not send to') == 1


def test_retry_after_as_seconds_and_as_a_date(program: Path, tmp_path: Path) -> None:
    for is_date in [False, True]:
        text = email.utils.formatdate(time.time() + 3, usegmt=True) if is_date else '2'
        with Receiver(429, retry_after=text) as receiver:
            started = time.monotonic()
            run(program, receiver, '10', folder=tmp_path)
            assert time.monotonic() - started > 1.5
            assert receiver.answers[0] == 429 and set(receiver.answers[1:]) == {200}
            assert len(receiver.spans) == 10


def test_a_server_that_was_down_gets_it_from_the_next_process(program: Path, tmp_path: Path) -> None:
    with socket.create_server(('127.0.0.1', 0)) as listener:
        port = listener.getsockname()[1]
    spool = tmp_path / 'spool'
    result = run(program, Address(port), '500', folder=tmp_path, SPOOL=str(spool), FLUSH_SECONDS='1', LOGFIRE_SERVICE_NAME='spooled')
    files = list(spool.iterdir())
    assert files
    assert all((path.stat().st_mode & 0o777) == 0o600 for path in files)
    # One line about it, not one per attempt.
    assert result.stderr.count('could not send to') == 1
    # The next process finds the server at the same address, and the one after it finds nothing left.
    with Receiver(port=port) as receiver:
        for number in range(2):
            run(program, receiver, str(10 * (number + 1)), folder=tmp_path, SPOOL=str(spool), LOGFIRE_SERVICE_NAME=f'next-{number}')
        names = [
            attributes(r.resource.attributes)['service.name']
            for body in receiver.bodies
            for r in body.resource_spans
            for s in r.scope_spans
            for _ in s.spans
        ]
        assert {name: names.count(name) for name in set(names)} == {'spooled': 500, 'next-0': 10, 'next-1': 20}
        assert len({span.span_id for span in receiver.spans}) == 530
    assert not list(spool.iterdir())
    # Another token is another destination: what waits for one is not sent with the other.
    run(program, Address(port), '5', folder=tmp_path, SPOOL=str(spool), FLUSH_SECONDS='1')
    with Receiver(port=port) as receiver:
        run(program, receiver, '1', folder=tmp_path, SPOOL=str(spool), LOGFIRE_TOKEN='pylf_v1_local_other')
        assert len(receiver.spans) == 1
    assert list(spool.iterdir())


def test_a_killed_process_leaves_what_it_could_not_send(program: Path, tmp_path: Path) -> None:
    spool = tmp_path / 'spool'
    with Receiver(*[503] * 1000) as receiver:
        port = receiver.httpd.server_port
        environment = variables(receiver, SPOOL=str(spool), FLUSH_SECONDS='60')
        process = subprocess.Popen([str(program), '200'], env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 20
            while len(receiver.answers) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            process.kill()
            process.wait(timeout=10)
    assert list(spool.iterdir())
    with Receiver(port=port) as receiver:
        run(program, receiver, '1', folder=tmp_path, SPOOL=str(spool))
        assert len({span.span_id for span in receiver.spans}) == len(receiver.spans) == 201


def test_the_server_counts_what_was_made(program: Path, shared_server: Server, tmp_path: Path) -> None:
    run(program, shared_server, 'fork', folder=tmp_path, LOGFIRE_SERVICE_NAME='forked')
    rows = rows_of(
        shared_server,
        "SELECT span_name, count(*) AS rows, count(DISTINCT span_id) AS ids FROM records WHERE service_name = 'forked' GROUP BY 1 ORDER BY 1",
    )
    assert rows == [
        {'span_name': 'after', 'rows': 100, 'ids': 100}, {'span_name': 'before', 'rows': 100, 'ids': 100},
        {'span_name': 'child', 'rows': 100, 'ids': 100}, {'span_name': 'parent', 'rows': 1, 'ids': 1},
    ]  # fmt: skip
