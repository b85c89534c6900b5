"""Settings → Health in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from harness.otlp import send, span, traces
from harness.server import Server

Open = Callable[..., Page]


@pytest.mark.parametrize('dark', [False, True])
def test_health_follows_the_server(server: Server, open_page: Open, dark: bool) -> None:
    page = open_page(f'{server.url}/local/default/settings/health', dark=dark)
    expect(page.locator('.notice-good')).to_contain_text('No warning')
    spans = page.get_by_role('row').filter(has_text='Spans')
    expect(spans.get_by_role('cell').nth(2)).to_have_text('0')
    send(server, traces([span(f'{n}') for n in range(1234)]))
    expect(spans.get_by_role('cell').nth(2)).to_have_text('1,234')
    expect(page.locator('.figure').filter(has_text='Spans and logs of')).to_contain_text('1,234')
    expect(page.get_by_role('progressbar', name='Waiting to settle')).to_be_visible()
    expect(page.locator('.figure').filter(has_text='Resident')).to_contain_text(re.compile(r'\d+ MB'))
    # Every figure says what it means.
    for figure in page.locator('.figure').all():
        assert figure.locator('p').inner_text().strip()
    assert '/metrics' in page.locator('.settings-body').inner_text()


def test_health_shows_warnings_and_a_lost_server(server_with: Callable[..., Server], open_page: Open) -> None:
    server = server_with('--in-flight-bytes', '100000')
    page = open_page(f'{server.url}/local/default/settings/health', allow=('Failed to load resource', 'ERR_'))
    expect(page.locator('.notice-good')).to_be_visible()
    big = traces([span(values={'text': 'x' * 500_000})]).SerializeToString()
    assert server.http.post('/v1/traces', content=big, headers={'content-type': 'application/x-protobuf'}).status_code == 503
    expect(page.locator('.notice-warn')).to_contain_text('1 request was answered with 503')
    server.stop()
    expect(page.locator('.notice-bad')).to_contain_text('does not answer')
