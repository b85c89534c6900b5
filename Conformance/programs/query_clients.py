"""usage: query_clients.py URL TOKEN. Everything a Logfire query client can ask, as one JSON document on standard output.

Runs with the current client (5.x, `POST /v2/query`) and with the last one before it (4.30, `GET /v1/query`).
"""

import asyncio
import json
import sys
import threading
import warnings
from datetime import datetime, timedelta, timezone
from typing import Any

import logfire
from logfire import db_api
from logfire.query_client import AsyncLogfireQueryClient, LogfireQueryClient, QueryExecutionError, QueryRequestError

URL, TOKEN = sys.argv[1:]
OLD = logfire.VERSION.startswith('4.')
SQL = "SELECT span_name, level, start_timestamp, duration > 0 AS lasted, attributes, tags FROM records WHERE span_name = 'query me' ORDER BY start_timestamp"
SLOW = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range > 5 AND random() < 2'
DAY = timedelta(days=1)
SINCE = datetime.now(timezone.utc) - DAY


def shown(table: Any) -> dict[str, Any]:
    return {'types': {field.name: str(field.type) for field in table.schema}, 'rows': json.loads(json.dumps(table.to_pylist(), default=datetime.isoformat))}


def failure(call: Any) -> dict[str, Any]:
    """What a failed call raises, with everything the client tells of it."""
    try:
        call()
    except (RuntimeError, AssertionError) as error:
        told = {name: getattr(error, name, None) for name in ('retryable', 'retry_after', 'problem_type')}
        problem = getattr(error, 'problem', None) or {}
        return {'type': type(error).__name__, 'data': error.args[0] if error.args and not OLD or isinstance(error.args[0], dict) else str(error), 'position': problem.get('position')} | told
    raise AssertionError('the call must fail')


def flooded(client: LogfireQueryClient) -> list[dict[str, Any]]:
    """What many long queries at once end with."""
    ends: list[dict[str, Any]] = []

    def one() -> None:
        ends.append(failure(lambda: client.query_json_rows(SLOW, min_timestamp=SINCE)))

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def sync_answers() -> dict[str, Any]:
    with LogfireQueryClient(TOKEN, base_url=URL) as client:
        found = {
            'info': client.info(),
            'rows': client.query_json_rows(SQL, min_timestamp=SINCE),
            'csv': client.query_csv(SQL, min_timestamp=SINCE),
            'arrow': shown(client.query_arrow(SQL, min_timestamp=SINCE)),
            'limited': client.query_json_rows('SELECT i FROM range(10) t(i)', min_timestamp=SINCE, limit=3)['rows'],
            'default_limit': len(client.query_json_rows('SELECT i FROM range(1000) t(i)', min_timestamp=SINCE)['rows']),
            'later': client.query_json_rows(SQL, min_timestamp=SINCE, max_timestamp=SINCE + timedelta(hours=1))['rows'],
            'naive': len(client.query_json_rows(SQL, min_timestamp=SINCE.replace(tzinfo=None))['rows']),
            'bad_sql': failure(lambda: client.query_json_rows('SELECT nothing FROM records', min_timestamp=SINCE)),
            'bad_arrow': failure(lambda: client.query_arrow('SELEC 1', min_timestamp=SINCE)),
            'bad_limit': failure(lambda: client.query_csv('SELECT 1', min_timestamp=SINCE, limit=10_000_000)),
            'flood': flooded(client),
        }
        if OLD:
            found['columns'] = client.query_json(SQL)
        else:
            found['zone'] = client.query_json_rows("SELECT date_trunc('day', TIMESTAMPTZ '2026-01-01 12:00:00Z') AS day", min_timestamp=SINCE, timezone='Europe/Paris')['rows']
            found['environment'] = [len(client.query_json_rows(SQL, min_timestamp=SINCE, environment=name)['rows']) for name in ('', 'prod', ['', 'prod'])]
    return found


async def async_answers() -> dict[str, Any]:
    async with AsyncLogfireQueryClient(TOKEN, base_url=URL) as client:
        rows, text, table, info = await asyncio.gather(
            client.query_json_rows(SQL, min_timestamp=SINCE), client.query_csv(SQL, min_timestamp=SINCE), client.query_arrow(SQL, min_timestamp=SINCE), client.info()
        )
        found = {'info': info, 'rows': rows, 'csv': text, 'arrow': shown(table)}
        for name, kind, options in (('bad_sql', QueryExecutionError, {}), ('bad_limit', QueryRequestError, {'limit': 0})):
            try:
                await client.query_json_rows('SELECT nothing' if name == 'bad_sql' else 'SELECT 1', min_timestamp=SINCE, **options)
            except kind:
                found[name] = kind.__name__
        return found


def database_answers() -> dict[str, Any]:
    with db_api.connect(TOKEN, base_url=URL, min_timestamp=DAY) as connection, connection.cursor() as cursor:
        cursor.execute('SELECT span_name, level FROM records WHERE span_name = %(name)s AND %(truth)s', {'name': 'query me', 'truth': True})
        found: dict[str, Any] = {'first': cursor.fetchone(), 'rest': len(cursor.fetchall()), 'count': cursor.rowcount}
        found['description'] = [column[:2] for column in cursor.description or []]
        cursor.execute('SELECT %s AS text, %s AS number, %s AS nothing', ["it's", 2.5, None])
        found['parameters'] = cursor.fetchall()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            cursor.limit = 5
            cursor.execute('SELECT i FROM range(100) t(i)')
        found['many'] = [cursor.fetchmany(2), len(cursor.fetchall())]
        found['warned'] = [str(warning.message).split('.')[0] for warning in caught]
        found['bad'] = failure(lambda: cursor.execute('SELECT 1 FROM nowhere'))
    return found


print(json.dumps({'version': logfire.VERSION, 'sync': sync_answers(), 'async': asyncio.run(async_answers()), 'db_api': database_answers()}))
