"""What differs, the filter pills and saved searches of Live in a real browser (E2, E9)."""

import random
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from harness.otlp import send, span, traces
from harness.server import Server

Open = Callable[..., Page]


@pytest.fixture(scope='module')
def planted(shared_server: Server) -> Server:
    """Twenty thousand spans of which those of prompt version v3 are often slow; everything else is chance."""
    chosen = random.Random(11)
    now = time.time_ns()
    for batch in range(4):
        spans = []
        for _ in range(5000):
            version = chosen.choice(['v1', 'v2', 'v3', 'v4'])
            is_slow = chosen.random() < (0.2 if version == 'v3' else 0.004)
            values = {'prompt_version': version, 'tenant_id': f't{chosen.randrange(12)}', 'request.id': chosen.randbytes(6).hex(), 'user.id': f'u{chosen.randrange(900)}', 'tokens': chosen.randrange(5000), 'coin': chosen.choice(['heads', 'tails'])}
            spans.append(span(chosen.choice(['answer', 'search']), trace=chosen.randbytes(16), span_id=chosen.randbytes(8), start=now - chosen.randrange(600) * 1_000_000_000, seconds=2 + chosen.random() if is_slow else 0.1 + chosen.random() / 3, values=values))
        send(shared_server, traces(spans, service=f'differs-{batch}'))
    return shared_server


def test_E2_E9_a_planted_prompt_version_is_first_for_what_the_filter_finds(planted: Server, open_page: Open) -> None:
    """Honeycomb: what sets the slow ones apart."""
    page = open_page(f'{planted.url}/local/default?differs=1&q=duration+%3E+2')
    rows = page.locator('[data-difference]')
    expect(rows.first).to_have_attribute('data-difference', 'prompt_version=v3')
    expect(rows).to_have_count(1)
    rows.first.locator('button').click()
    expect(page.locator('[data-search]')).to_have_value("(duration > 2) AND (attributes->>'prompt_version') = 'v3'")


def test_E2_a_random_selection_yields_nothing(planted: Server, open_page: Open) -> None:
    page = open_page(f"{planted.url}/local/default?differs=1&q=(attributes->>'coin')+%3D+'heads'")
    expect(page.locator('.differs-note')).to_contain_text('Nothing differs beyond what chance explains')
    expect(page.locator('.differs-head')).to_contain_text('against')
    page = open_page(f'{planted.url}/local/default?differs=1&q=hash(span_id)+%25+9+%3D+0')
    expect(page.locator('.differs-note')).to_contain_text('Nothing differs beyond what chance explains')


def test_E2_a_box_over_the_durations_is_a_selection_with_an_address(planted: Server, open_page: Open) -> None:
    page = open_page(f'{planted.url}/local/default?differs=1')
    expect(page.locator('.durations')).to_contain_text('20k spans')
    box = page.locator('.durations-plot').bounding_box()
    assert box
    # The scale has six steps to a factor of ten and reaches from 1 ms to somewhat above the longest span, 3 s.
    page.mouse.move(box['x'] + 2, box['y'] + 1)
    page.mouse.down()
    page.mouse.move(box['x'] + box['width'] - 2, box['y'] + box['height'] * 0.1, steps=5)
    page.mouse.up()
    expect(page.locator('[data-difference]').first).to_have_attribute('data-difference', 'prompt_version=v3')
    assert 'box=' in page.url
    page.reload()
    expect(page.locator('[data-difference]').first).to_have_attribute('data-difference', 'prompt_version=v3')
    page.get_by_role('button', name='Clear the selection').click()
    expect(page.locator('.differs-head')).to_contain_text('Nothing is selected yet')
    # A drag over the histogram selects a stretch of time while the comparison is open.
    page.locator('.hist').hover()
    hist = page.locator('.hist').bounding_box()
    assert hist
    page.mouse.move(hist['x'] + 400, hist['y'] + 30)
    page.mouse.down()
    page.mouse.move(hist['x'] + 700, hist['y'] + 30, steps=4)
    page.mouse.up()
    expect(page.locator('.differs-note')).to_contain_text('Nothing differs')
    assert 'range' not in page.url and 'from=' not in page.url


def test_E9_pills_have_the_values_of_the_records_and_500_services_are_searchable(shared_server: Server, open_page: Open) -> None:
    for first in range(0, 500, 100):
        for index in range(first, first + 100):
            send(shared_server, traces([span('ping')], service=f'crowd-{index:03d}-with-a-name-that-is-much-longer-than-any-column-of-the-list'))
    send(shared_server, traces([span('tagged', values={'logfire.tags': ['night', 'שלום']})], service='crowd-tags'))
    page = open_page(f'{shared_server.url}/local/default')
    page.get_by_role('toolbar', name='Filters').get_by_role('button', name='Service').click()
    page.get_by_label('Search values of service').fill('crowd-417')
    page.keyboard.press('Enter')
    expect(page.locator('[data-row]')).to_have_count(1)
    expect(page.locator('[data-row] .chip')).to_contain_text('crowd-417')
    assert page.locator('[data-row] .chip').evaluate('chip => chip.getBoundingClientRect().width') < 120
    page.get_by_role('button', name='Remove the service filter').click()
    page.get_by_role('toolbar', name='Filters').get_by_role('button', name='Tag').click()
    page.get_by_role('menuitemradio', name='שלום').click()
    expect(page.locator('[data-row]')).to_have_count(1)
    expect(page.locator('[data-row]')).to_contain_text('tagged')
    page.reload()
    expect(page.locator('[data-row]')).to_have_count(1)


def test_saved_searches_come_back_from_the_box_and_the_palette(shared_server: Server, open_page: Open) -> None:
    send(shared_server, traces([span('kept needle')], service='kept'))
    page = open_page(f'{shared_server.url}/local/default?service=kept&q=needle')
    expect(page.locator('[data-row]')).to_have_count(1)
    page.get_by_role('button', name='Saved searches').click()
    page.get_by_label('Name of this search').fill('Needles of kept')
    page.keyboard.press('Enter')
    page.goto(f'{shared_server.url}/local/default/llms')
    expect(page.get_by_role('button', name='Commands')).to_be_visible()
    page.keyboard.press('Control+k')
    page.get_by_role('combobox', name='Command').fill('needles')
    page.keyboard.press('Enter')
    expect(page.locator('[data-row]')).to_have_count(1)
    assert 'service=kept' in page.url and 'q=needle' in page.url
    page.goto(f'{shared_server.url}/local/default')
    page.get_by_role('button', name='Saved searches').click()
    page.get_by_role('menuitemradio', name='Needles of kept').click()
    expect(page.locator('[data-search]')).to_have_value('needle')
    page.get_by_role('button', name='Saved searches').click()
    page.get_by_role('button', name='Remove the saved search Needles of kept').click()
    expect(page.get_by_role('menuitemradio', name='Needles of kept')).to_have_count(0)
