"""`hearth query`: SQL at the terminal."""

import csv
import io
import json
import os
import time
from pathlib import Path

import pytest

from harness.command import hearth, on
from harness.otlp import send, span, traces
from harness.server import Server


@pytest.fixture(scope='module')
def filled(shared_server: Server) -> Server:
    start = time.time_ns()
    spans = [
        span(f'step {number}', start=start - number * 3_600_000_000_000, values={'number': number, 'text': 'long ' * 40, 'odd': 'a\n\x1b[31mred'})
        for number in range(5)
    ]
    send(shared_server, traces(spans, service='terminal'))
    return shared_server


def query(server: Server, sql: str, *arguments: str, **keywords) -> str:
    return hearth('query', sql, *arguments, *on(server), **keywords).stdout


def test_table_has_header_rule_and_rows_with_numbers_at_the_right(filled: Server) -> None:
    sql = "SELECT span_name, (attributes->>'number')::INT * 1000 AS number, exception_type FROM records ORDER BY number"
    lines = query(filled, sql).splitlines()
    assert lines[0] == 'span_name  number  exception_type'
    assert lines[1] == '─────────  ──────  ──────────────'
    assert lines[2] == 'step 0          0  —'
    assert lines[6] == 'step 4       4000  —'
    assert len(lines) == 7


def test_table_fits_the_terminal(filled: Server) -> None:
    sql = "SELECT span_name, attributes->>'text' AS text, trace_id, duration FROM records"
    lines = query(filled, sql, environment={'COLUMNS': '60'}).splitlines()
    assert max(len(line) for line in lines) <= 60
    assert '…' in lines[2]
    # Without a terminal nothing is cut.
    assert 'long ' * 39 in query(filled, sql)


def test_many_columns_are_shown_one_value_a_line(filled: Server) -> None:
    lines = query(filled, 'SELECT * FROM records LIMIT 1', environment={'COLUMNS': '80'}).splitlines()
    assert lines[0] == '── row 1'
    assert max(len(line) for line in lines) <= 80
    assert any(line.split() == ['service_name', 'terminal'] for line in lines)


def test_control_characters_do_not_reach_the_terminal(filled: Server) -> None:
    text = query(filled, "SELECT attributes->>'odd' AS odd FROM records LIMIT 1")
    assert '\x1b' not in text
    assert 'a\\n\\u{1b}[31mred' in text


def test_formats_say_the_same(filled: Server, tmp_path: Path) -> None:
    sql = "SELECT span_name, attributes->>'number' AS number FROM records ORDER BY span_name"
    expected = [{'span_name': f'step {number}', 'number': str(number)} for number in range(5)]
    document = json.loads(query(filled, sql, '--json'))
    assert document['data'] == expected
    assert [field['name'] for field in document['schema']['fields']] == ['span_name', 'number']
    assert [json.loads(line) for line in query(filled, sql, '--format', 'ndjson').splitlines()] == expected
    assert list(csv.DictReader(io.StringIO(query(filled, sql, '--csv')))) == expected
    file = tmp_path / 'rows.csv'
    assert query(filled, sql, '--csv', '--output', str(file)) == ''
    assert list(csv.DictReader(io.StringIO(file.read_text()))) == expected
    assert os.listdir(tmp_path) == ['rows.csv']


def test_sql_from_standard_input_and_file(filled: Server, tmp_path: Path) -> None:
    sql = "SELECT count(*) AS n\nFROM records -- all of them\n"
    assert hearth('query', '--csv', *on(filled), text=sql).stdout.split() == ['n', '5']
    assert hearth('query', '-', '--csv', *on(filled), text=sql).stdout.split() == ['n', '5']
    file = tmp_path / 'count.sql'
    file.write_text(sql)
    assert hearth('query', '--file', str(file), '--csv', *on(filled)).stdout.split() == ['n', '5']


def test_window_and_limit(filled: Server) -> None:
    count = 'SELECT count(*) AS n FROM records'
    assert query(filled, count, '--csv', '--since', '90m').split() == ['n', '2']
    assert query(filled, count, '--csv', '--since', '1d', '--until', '150m').split() == ['n', '2']
    day = time.strftime('%Y-%m-%d', time.gmtime(time.time() - 86400))
    assert query(filled, count, '--csv', '--since', day).split() == ['n', '5']
    limited = hearth('query', 'SELECT span_name FROM records ORDER BY 1', '--limit', '2', *on(filled))
    assert limited.stdout.splitlines()[2:] == ['step 0', 'step 1']
    assert '--limit 2' in limited.stderr


def test_a_mistake_is_marked_under_the_sql(filled: Server) -> None:
    refused = hearth('query', 'SELECT count(*) FORM records', *on(filled), status=1)
    assert refused.stdout == ''
    lines = refused.stderr.splitlines()
    assert lines[1] == '  SELECT count(*) FORM records'
    assert lines[2].strip() == '^' and lines[1][lines[2].index('^') :].startswith('records')
    refused = hearth('query', *on(filled), text='SELECT span_name,\n  no_such_column\nFROM records', status=1)
    assert '  line 2:   no_such_column\n            ^' in refused.stderr


def test_exit_codes(filled: Server, tmp_path: Path) -> None:
    assert 'no server answers' in hearth('query', 'SELECT 1', '--url', 'http://127.0.0.1:9', status=69).stderr
    assert '--since' in hearth('query', 'SELECT 1', '--since', 'yesterday', *on(filled), status=64).stderr
    assert 'exclude' in hearth('query', 'SELECT 1', '--csv', '--json', *on(filled), status=64).stderr
    assert 'cannot be written' in hearth('query', 'SELECT 1', '--output', str(tmp_path / 'no' / 'file'), *on(filled), status=74).stderr
    hearth('query', 'SELECT 1', '--limit', '1000000', *on(filled), status=1)


def test_token_is_asked_for(server_with) -> None:
    server = server_with('--require-login')
    assert 'token' in hearth('query', 'SELECT 1', *on(server), status=77).stderr


def test_arrow_and_parquet_go_to_files(filled: Server, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip('pyarrow')
    parquet = pytest.importorskip('pyarrow.parquet')
    sql = 'SELECT span_name, duration FROM records ORDER BY span_name'
    expected = json.loads(query(filled, sql, '--json'))['data']
    for form in ('arrow', 'parquet'):
        file = tmp_path / f'rows.{form}'
        query(filled, sql, '--format', form, '--output', str(file))
        table = pyarrow.ipc.open_stream(file.read_bytes()).read_all() if form == 'arrow' else parquet.read_table(file)
        assert table.to_pylist() == expected
