"""LLMs page and detail: figures equal the captured truth (A2, A5), groups, filters, facets, comparison (E6)."""

import json
import math
import os
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest
from llms_traffic import PROMPT_VERSIONS, TENANTS, judge, plant, replay, tool_loop
from playwright.sync_api import Locator, Page, expect
from ui_traffic import agent_run, chat

from harness.fixtures import SCENARIOS, expected
from harness.otlp import send, traces
from harness.server import Server
from harness.waiting import eventually

Open = Callable[..., Page]
VECTORS = Path(__file__).parents[3] / 'Tests' / 'GenAIPricesTests' / 'Fixtures' / 'vectors.json'

# Every row of the table as {column: {text, title}}, with its name and what stands under it.
READ = """
() => {
  const heads = [...document.querySelectorAll('.models thead > tr > *')].map((h) => h.textContent.replace(/[↓↑]/g, '').trim());
  return [...document.querySelectorAll('.models tbody tr')].map((row) => {
    const cells = [...row.children];
    const read = Object.fromEntries(cells.map((cell, i) => [heads[i], {
      text: (cell.childNodes[0]?.textContent ?? '').trim(),
      all: cell.innerText,
      title: cell.title || cell.querySelector('[title]')?.title || '',
    }]));
    const name = cells[1].querySelector('a').textContent;
    const under = cells[1].querySelector('small')?.textContent ?? null;
    return {name, under, cells: read};
  });
}
"""


def base(server: Server) -> str:
    return f'{server.url}/local/default'


def table(page: Page) -> dict[str, dict[str, dict[str, str]]]:
    expect(page.locator('.models tbody tr').first).to_be_visible()
    return {f'{row["under"]} / {row["name"]}' if row['under'] else row['name']: row['cells'] for row in page.evaluate(READ)}


def number(text: str) -> int:
    return int(text.replace(',', ''))


@pytest.mark.parametrize('scenario', [name for name in SCENARIOS if expected()[name]['llm']])
def test_A5_figures_of_the_llms_page_equal_the_captured_truth(data: Path, open_page: Open, scenario: str) -> None:
    with Server(data) as server:
        window = replay(server, scenario)
        page = open_page(f'{base(server)}/llms?{window}')
        wanted = expected()[scenario]['llm']
        found = table(page)
        assert sorted(found) == sorted(wanted)
        for name, truth in wanted.items():
            cells = found[name]
            assert number(cells['Calls']['text']) == truth['calls'], name
            assert cells['Errors']['text'] == f'{truth["errors"] / truth["calls"] * 100:.1f}%', name
            for column, figure in (('Input', 'input_tokens'), ('Output', 'output_tokens'), ('Cache read', 'cache_read_tokens')):
                # What nobody sent is a dash; the truth counts it as 0.
                if cells[column]['text'].startswith('—'):
                    assert truth[figure] == 0, f'{name} {column}'
                else:
                    assert number(cells[column]['title']) == truth[figure], f'{name} {column}'
            for column, figure, digits in (('Truncated', 'truncated', 1), ('Tool calls', 'tool_calls', 0)):
                if cells[column]['text'].startswith('—'):
                    assert truth[figure] == 0, f'{name} {column}'
                else:
                    assert float(cells[column]['text'].rstrip('%')) == pytest.approx(truth[figure] / truth['calls'] * 100, abs=0.51 * 10**-digits), f'{name} {column}'
            if truth['with_cost'] == truth['calls']:
                assert float(cells['Cost']['title'].split(':')[0].lstrip('$')) == pytest.approx(truth['cost'], abs=6e-8), name
            elif cells['Cost']['text'].startswith('—'):
                assert 'no' in cells['Cost']['title'].lower(), 'a dash comes with its reason'


@pytest.fixture(scope='module')
def noted(shared_server: Server) -> list:
    return plant(shared_server, 'notes-model')


def test_E6_groups_by_prompt_version_count_as_the_generator_does(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms?is.model=notes-model&by=prompt_version')
    found = table(page)
    truth = Counter(call.version for call in noted)
    assert {name: number(cells['Calls']['text']) for name, cells in found.items()} == dict(truth)
    for version in PROMPT_VERSIONS:
        calls = [call for call in noted if call.version == version]
        assert number(found[version]['Input']['title']) == sum(call.input_tokens for call in calls)
        assert float(found[version]['Cost']['title'].split(':')[0].lstrip('$')) == pytest.approx(math.fsum(call.cost or 0 for call in calls))
        assert 'without a price' in found[version]['Cost']['title'], 'a sum that leaves out unpriced calls says so'


def test_E6_filter_and_group_by_attribute_and_resource_keys_from_the_picker(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms?is.model=notes-model')
    page.get_by_role('button', name='Group by Model').click()
    search = page.get_by_label('Search fields and attribute keys')
    search.fill('feature')
    page.get_by_role('button', name='feature').first.click()
    expect(page.locator('.models thead')).to_contain_text('feature')
    assert {name: number(cells['Calls']['text']) for name, cells in table(page).items()} == {'feature-0': 500, 'feature-1': 500}
    page.get_by_role('button', name='Filter', exact=True).click()
    page.get_by_label('Search fields and attribute keys').fill('tenant')
    page.get_by_role('button', name='Tenant').first.click()
    values = page.locator('.facet-value')
    expect(values).to_have_count(len(TENANTS))
    assert {text.split('\n')[0]: int(text.split('\n')[1]) for text in values.all_inner_texts()} == dict(Counter(call.tenant for call in noted))
    values.filter(has_text='acme').click()
    values.filter(has_text='hooli').click()
    expect(page.locator('.card-value').first).to_have_text('400')
    assert 'is.tenant_id=acme' in page.url
    page.keyboard.press('Escape')
    page.reload()
    expect(page.locator('.card-value').first).to_have_text('400')
    page.goto(f'{base(shared_server)}/llms?by=resource.team.name&is.service_version=1.4.0')
    assert list(table(page)) == ['notes-model-team']


def test_E9_cost_by_tenant_equals_the_price_vectors(shared_server: Server, open_page: Open) -> None:
    vectors = {vector['id']: vector for vector in json.loads(VECTORS.read_text())['vectors']}
    tenants = {'north': ('s01', 's02', 's03'), 'south': ('s08', 's09'), 'west': ('s20',)}
    names = {
        'cache_read_tokens': 'gen_ai.usage.cache_read.input_tokens',
        'cache_write_tokens': 'gen_ai.usage.cache_creation.input_tokens',
        'cache_write_1h_tokens': 'anthropic.usage.cache_creation.ephemeral_1h_input_tokens',
    }
    calls = []
    for tenant, ids in tenants.items():
        for number, vector in enumerate(vectors[id] for id in ids):
            usage = vector['usage']
            values = {name: usage[key] for key, name in names.items() if key in usage}
            values |= {'tenant_id': tenant, 'gen_ai.provider.name': vector['provider_id'] or 'openai', 'priced': True}
            tokens = (usage['input_tokens'], usage['output_tokens'])
            calls.append(chat(os.urandom(16), b'', vector['model'], tokens, None, time.time_ns() - (60 + number) * 10**9, **values))
    send(shared_server, traces(calls, service='priced-by-tenant'))
    found = table(open_page(f'{base(shared_server)}/llms?is.service_name=priced-by-tenant&by=tenant_id'))
    assert sorted(found) == sorted(tenants)
    for tenant, ids in tenants.items():
        truth = sum(Decimal(vectors[id]['expect']['total_price']) for id in ids)
        assert Decimal(found[tenant]['Cost']['title'].split(':')[0].lstrip('$')) == pytest.approx(truth, abs=Decimal('6e-8')), tenant


def test_E6_facets_finish_reason_refusal_and_leaving_out(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms?is.model=notes-model')
    page.get_by_role('button', name='Finish reason').click()
    values = page.locator('.facet-value')
    expect(values).to_have_count(3)
    assert {text.split('\n')[0]: int(text.split('\n')[1]) for text in values.all_inner_texts()} == dict(Counter(call.finish for call in noted))
    values.filter(has_text='content_filter').click()
    refused = sum(call.finish == 'content_filter' for call in noted)
    expect(page.locator('.card-value').first).to_have_text(str(refused))
    values.filter(has_text='content_filter').click()
    page.get_by_role('button', name='Leave out stop').click()
    expect(page.locator('.card-value').first).to_have_text(str(sum(call.finish != 'stop' for call in noted)))
    page.keyboard.press('Escape')
    page.goto(f'{base(shared_server)}/llms?is.model=notes-model&is.refusal=true')
    expect(page.locator('.card-value').first).to_have_text(str(refused))


def test_E6_tool_facet_leads_to_the_calls_that_asked_for_it(shared_server: Server, open_page: Open) -> None:
    tool_loop(shared_server, 'loop-model', 'fetch_weather')
    page = open_page(f'{base(shared_server)}/llms?is.model=loop-model')
    expect(page.locator('.card-value').first).to_have_text('2')
    page.get_by_role('button', name='Tool', exact=True).click()
    page.locator('.facet-value', has_text='fetch_weather').click()
    expect(page.locator('.card-value').first).to_have_text('1')


def test_E6_two_rows_side_by_side_with_scores(shared_server: Server, open_page: Open) -> None:
    calls = plant(shared_server, 'pair-model', 60)
    for call in calls[:6]:
        judge(shared_server, call.span, 'helpful', 0.9 if call.version == 'v2' else 0.5)
    page = open_page(f'{base(shared_server)}/llms?is.model=pair-model&by=prompt_version')
    page.get_by_label('Compare v1').check()
    expect(page.locator('.comparison')).to_contain_text('tick a second row')
    page.get_by_label('Compare v2').check()
    compared = page.locator('[data-comparison]')
    expect(compared).to_contain_text('helpful')

    def line(label: str) -> list[str]:
        found: Locator = compared.locator('tbody tr:not(.compared-section)', has=page.get_by_role('rowheader', name=label, exact=True)).first
        return [text.removesuffix('better').strip() for text in found.locator('td').all_inner_texts()]

    assert line('Calls')[:2] == ['20', '20']
    assert line('helpful') == ['0.5', '0.9', '+80%']
    # The first token is a measure of its own, not the latency (0.5 s).
    assert line('p50') == ['200ms', '50ms', '−75%']
    by_version = {v: [c for c in calls if c.version == v] for v in ('v1', 'v2')}
    assert line('Errors')[0] == f'{sum(c.span.status.code == 2 for c in by_version["v1"]) / 20 * 100:.1f}%'
    page.reload()
    expect(compared).to_contain_text('helpful')
    page.get_by_role('button', name='Swap').click()
    expect(compared.locator('thead th').first).to_have_text('v2')


def test_E6_retrieval_and_generation_cost_stand_apart(data: Path, open_page: Open) -> None:
    with Server(data) as server:
        window = replay(server, 'rag-pipeline')
        page = open_page(f'{base(server)}/llms?{window}&by=service_name')
        cells = table(page)['faq-rag']
        truth = expected()['rag-pipeline']['llm']
        assert '<$0.01 retrieval' in cells['Cost']['all']
        assert 'retrieval' in cells['Input']['all']
        assert float(cells['Cost']['title'].split(':')[0].lstrip('$')) == pytest.approx(sum(model['cost'] for model in truth.values()), abs=6e-8)
        expect(page.locator('.card', has_text='Cost').first).to_contain_text('retrieval <$0.01 · generation <$0.01')


def test_E6_detail_takes_the_same_filters_and_leads_to_live(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms?is.model=notes-model&is.tenant_id=acme')
    page.locator('.models tbody a').first.click()
    expect(page.get_by_role('heading', name='notes-model')).to_be_visible()
    cards = page.locator('.card-value')
    expect(cards).to_have_count(5)
    expect(cards.first).to_have_text('200')
    expect(page.locator('.chart')).to_have_count(7)
    expect(page.locator('.calls tbody tr')).to_have_count(50)
    page.get_by_role('button', name='Show older calls').click()
    expect(page.locator('.calls tbody tr')).to_have_count(100)
    page.get_by_role('link', name='View in live').click()
    expect(page.locator('[data-row]').first).to_be_visible()
    assert 'llm_calls' in page.url


def test_E6_the_statement_of_the_page_is_opened_in_explore(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms?is.tenant_id=acme&by=prompt_version')
    link = page.get_by_role('link', name='Open in Explore').first
    href = link.get_attribute('href') or ''
    assert '/explore?' in href
    assert quote("tenant_id = 'acme'", safe='').replace('%20', '+') in href.replace('%20', '+')


def test_E6_the_page_looks_again_by_itself(shared_server: Server, open_page: Open) -> None:
    agent_run(shared_server, 'again', (0.5,))
    page = open_page('about:blank')
    page.clock.install()
    page.goto(f'{base(shared_server)}/llms?is.model=again-model')
    expect(page.locator('.card-value').first).to_have_text('1')
    agent_run(shared_server, 'again', (0.5,))
    page.clock.fast_forward(16_000)
    expect(page.locator('.card-value').first).to_have_text('2')


def test_sort_by_every_column(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms')
    expect(page.locator('.models tbody tr').first).to_be_visible()
    heads = page.locator('.models thead th button')
    assert heads.count() == 13
    for i in range(heads.count()):
        heads.nth(i).click()
        expect(page.locator('.models thead th').nth(i)).to_have_attribute('aria-sort', 'ascending' if i == 0 else 'descending' if i != 1 else 'descending')
    heads.nth(12).click()
    expect(page.locator('.models thead th').nth(12)).to_have_attribute('aria-sort', 'ascending')


def test_default_window_is_the_last_day_and_the_footer_leads_further(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms')
    expect(page.get_by_text('You are viewing the last day')).to_be_visible()
    page.get_by_role('button', name='Try the last 7 days').click()
    eventually(lambda: page.url, lambda url: 'range=7d' in url)
    expect(page.get_by_text('You are viewing the last 7d')).to_be_visible()


def test_comparison_survives_an_address_that_names_nothing(shared_server: Server, open_page: Open, noted: list) -> None:
    page = open_page(f'{base(shared_server)}/llms?compare={quote(json.dumps([["no", "such"], ["x"]]))}&by=nonsense&is.nothing=1&sort=bogus')
    expect(page.locator('.models tbody tr').first).to_be_visible()
    expect(page.locator('.comparison')).to_have_count(0)
