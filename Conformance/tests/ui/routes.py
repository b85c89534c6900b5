"""Every address of the interface with something to see on it, for tests that visit all of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from llms_traffic import plant, tool_loop
from panel_traffic import RichCall, rich_call
from playwright.sync_api import Page, expect
from ui_traffic import agent_run

from harness.otlp import exception_event, send, span, traces
from harness.server import Server

ROUTER = Path(__file__).parents[3] / 'Web' / 'src' / 'app' / 'router.ts'
SETTINGS_READY = 'main h1, main h2, main h3'


@dataclass(frozen=True)
class Route:
    page: str
    """The page's name in router.ts; `settings:` with the section for settings."""
    path: str
    """After the project's address; `{…}` are fields of Populated."""
    awaited: str
    """What is there when the page is."""


ROUTES = (
    Route('live', '', '[data-row]'),
    Route('live', '?trace={trace}&span={call}', '.msg'),
    Route('llms', '/llms', '.models tbody tr'),
    Route('llms', '/llms?by=prompt_version&is.model=routes-model&compare={compare}', '[data-comparison]'),
    Route('llm', '/llms/openai/routes-model', '.chart'),
    Route('trace', '/traces/{trace}', '.wr'),
    Route('trace', '/traces/{trace}?span={call}', '.msg'),
    Route('trace', '/traces/{failed}?span={failed_span}', '.detail-title'),
    Route('trace', '/traces/{trace}?compare={failed}', '.compare-steps'),
    Route('trace', '/traces/{trace}?compare={failed}&view=waterfalls', '.compare-both'),
    Route('live', '?differs=1&q=otel_status_code+%3D+%27ERROR%27', '.differs-note, .differs-table'),
    Route('agents', '/agents', '[data-agent]'),
    Route('agent', '/agents/forecaster', '.chart'),
    Route('agent', '/agents/forecaster?tab=runs', '[data-run]'),
    Route('agent', '/agents/forecaster?tab=info', '.agent-info .table-wrap'),
    Route('run', '/runs/{trace}/{run}', '.turns'),
    Route('run', '/agents/forecaster?tab=runs&run={trace}:{run}', '.run-view .turns'),
    Route('run', '/runs/{trace}/{run}?view=tools', '.view-tools h3'),
    Route('run', '/runs/{trace}/{run}?view=messages', '.view-messages .msg'),
    Route('run', '/runs/{trace}/{run}?view=trace', '.wr'),
    Route('run', '/runs/{trace}/{run}?view=graph', '[data-node]'),
    Route('conversations', '/conversations', '[data-group]'),
    Route('conversation', '/conversations/routes-conversation', '[data-entry], .state-title'),
    Route('explore', '/explore', 'main textarea, main [contenteditable], .cm-content'),
    Route('explore', '/explore?sql={sql}', 'main textarea, main [contenteditable], .cm-content'),
    Route('add', '/add-data', 'main h1'),
    *(Route(f'settings:{section}', f'/settings/{section}', SETTINGS_READY) for section in ('tokens', 'members', 'redaction', 'sampling', 'retention', 'mapping', 'prices', 'health', 'account')),
    Route('settings:general', '/settings', SETTINGS_READY),
    Route('settings:instrumentation', '/settings/instrumentation', SETTINGS_READY),
    Route('missing', '/no/such/page', '.state-title'),
)


def pages_of_the_router() -> set[str]:
    """The names of all pages that router.ts knows, with the sections of the settings."""
    text = ROUTER.read_text()
    union = re.search(r'export type Page =(.*?);\n\nexport', text, re.S)
    sections = re.search(r'export const sections = \[(.*?)\]', text, re.S)
    assert union and sections, f'{ROUTER.name} names its pages in another way now'
    names = set(re.findall(r'\{ name: "(\w+)"', union.group(1))) - {'settings'}
    return names | {f'settings:{name}' for name in re.findall(r'"([\w-]+)"', sections.group(1))}


@dataclass(frozen=True)
class Populated:
    """A server with something on every page."""

    server: Server
    rich: RichCall
    failed: str
    failed_span: str

    def address(self, route: Route) -> str:
        words = {
            'trace': self.rich.trace,
            'call': self.rich.call,
            'run': self.rich.run,
            'failed': self.failed,
            'failed_span': self.failed_span,
            'compare': quote('[["v1"],["v2"]]'),
            'sql': quote('SELECT service_name, count(*) AS n FROM records GROUP BY 1 ORDER BY 2 DESC'),
        }
        return f'{self.server.url}/local/default{route.path.format(**words)}'


def populate(server: Server) -> Populated:
    rich = rich_call(server)
    plant(server, 'routes-model', 30)
    tool_loop(server, 'routes-loop', 'look_up')
    agent_run(server, 'routes')
    talk = span('invoke_agent talker', seconds=1, values={'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'talker', 'gen_ai.conversation.id': 'routes-conversation', 'user.id': 'ada'})
    broken = span('GET /broken', seconds=0.2, values={'http.request.method': 'GET', 'http.response.status_code': 500}, status=2, events=[exception_event('ValueError', 'no such thing')])
    send(server, traces([talk, broken], service='routes'))
    return Populated(server, rich, broken.trace_id.hex(), broken.span_id.hex())


def known_routes() -> Iterator[Route]:
    """The routes of this build: a page that the router does not know yet is left out."""
    known = pages_of_the_router()
    return (route for route in ROUTES if route.page in known)


def settle(page: Page, route: Route) -> None:
    """Waits until the page is there, and what it loads has come."""
    expect(page.locator(route.awaited).first).to_be_visible()
    expect(page.locator('.spinner')).to_have_count(0)
