"""SQL through `POST /v2/query`."""

import time
from typing import Any

import httpx

from .server import Server

EARLIEST = '2000-01-01T00:00:00Z'
ROW_LIMIT = 10_000


def post_query(server: Server, sql: str, **fields: Any) -> httpx.Response:
    body = {'sql': sql, 'min_timestamp': EARLIEST, 'limit': ROW_LIMIT, 'include_schema': True} | fields
    return server.http.post('/v2/query', json=body)


def rows(server: Server, sql: str, **fields: Any) -> list[dict[str, Any]]:
    """The rows of a query that must succeed."""
    response = post_query(server, sql, **fields)
    assert response.status_code == 200, f'{response.status_code} {response.text}\nfor {sql}'
    return response.json()['data']


def rows_soon(server: Server, sql: str, within: float = 10, **fields: Any) -> list[dict[str, Any]]:
    """The rows of a query that is asked again, as a client does, while the server says when to (503 with Retry-After)."""
    deadline = time.monotonic() + within
    while (response := post_query(server, sql, **fields)).status_code == 503 and 'Retry-After' in response.headers and time.monotonic() < deadline:
        time.sleep(min(int(response.headers['Retry-After']), 1))
    assert response.status_code == 200, f'{response.status_code} {response.text}\nfor {sql}'
    return response.json()['data']


def one(server: Server, sql: str) -> dict[str, Any]:
    answer = rows(server, sql)
    assert len(answer) == 1, f'{len(answer)} rows for {sql}'
    return answer[0]


def value(server: Server, sql: str) -> Any:
    row = one(server, sql)
    assert len(row) == 1, f'{len(row)} columns for {sql}'
    return next(iter(row.values()))
