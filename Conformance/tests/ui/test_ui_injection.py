"""Code in telemetry does nothing: it is sent in every place over OTLP, and every page is visited in a real browser."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from injection_traffic import ATTEMPTS, attack
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from playwright.sync_api import Browser, Page, expect

from harness.server import Server

# Whatever runs tells here; dialogs are counted without opening.
WATCH = """
window.pwned = [];
for (const name of ['alert', 'confirm', 'prompt', 'open']) window[name] = (x) => { window.pwned.push(name + ' ' + x); };
document.addEventListener('securitypolicyviolation', (e) => window.pwned.push('blocked ' + e.violatedDirective + ' ' + e.blockedURI));
"""

# What must not be in a page, whatever was sent: handlers, scripts and frames, addresses of other kinds and places.
AUDIT = """
() => {
  const faults = [...window.pwned];
  for (const e of document.querySelectorAll('*')) {
    // The page's own picture in the tab is in the file that the server sends.
    if (e.matches('head > link[rel=icon]')) continue;
    const name = e.localName;
    if (['iframe', 'object', 'embed', 'base', 'frame', 'applet', 'marquee', 'animate', 'use', 'foreignobject'].includes(name)) faults.push('element ' + name);
    if (name === 'script' && !(e.src && new URL(e.src).origin === location.origin)) faults.push('script ' + e.outerHTML.slice(0, 100));
    if (name === 'style' && !e.closest('.cm-editor') && e.textContent.includes('elsewhere')) faults.push('style ' + e.textContent.slice(0, 80));
    for (const a of e.attributes) {
      if (/^on/i.test(a.name)) faults.push(`handler ${name} ${a.name}`);
      if (a.name === 'style' && /url\\(|expression|elsewhere/i.test(a.value)) faults.push(`style ${a.value.slice(0, 80)}`);
      if (['href', 'src', 'action', 'formaction', 'poster', 'srcset', 'data', 'xlink:href', 'ping'].includes(a.name)) {
        const url = new URL(a.value, location.href);
        const isOwn = url.origin === location.origin;
        const isPicture = /^data:(image\\/(png|jpeg|gif|webp|avif|bmp)|audio\\/|video\\/)/.test(a.value) && ['img', 'audio', 'video'].includes(name);
        if (!isOwn && !isPicture) faults.push(`address ${name} ${a.name} ${a.value.slice(0, 100)}`);
      }
    }
  }
  if (Object.keys(Object.prototype).length > 0 || ({}).polluted !== undefined || [].polluted !== undefined) faults.push('polluted prototype');
  return faults;
}
"""


@dataclass
class Watched:
    """A page and everything suspicious that it did."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Requests that the server turned down."""

    def look(self, where: str) -> None:
        self.faults += [f'{where[:120]}: {fault}' for fault in self.page.evaluate(AUDIT)]
        self.page.evaluate('window.pwned.length = 0')

    def visit(self, path: str, awaited: str | None = None) -> None:
        self.page.goto(f'{self.base}{path}')
        expect(self.page.locator(awaited or 'main').first).to_be_visible()
        expect(self.page.locator('.spinner')).to_have_count(0)
        self.look(path)


@dataclass(frozen=True)
class Attacked:
    server: Server
    calls: list[Span]
    everything: Span
    run: str


@pytest.fixture(scope='module')
def attacked(shared_server: Server) -> Attacked:
    calls, everything, run = attack(shared_server)
    return Attacked(shared_server, calls, everything, run.hex())


@pytest.fixture
def watched(attacked: Attacked, browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={'width': 1440, 'height': 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.add_init_script(WATCH)
    watch = Watched(page, f'{attacked.server.url}/local/default')
    page.on('dialog', lambda dialog: (watch.faults.append(f'dialog {dialog.message}'), dialog.dismiss()))
    page.on('pageerror', lambda error: watch.faults.append(f'uncaught {error}'))
    page.on('console', lambda message: watch.faults.append(f'{message.type} {message.text}') if message.type in ('error', 'warning') else None)
    page.on('request', lambda request: None if request.url.startswith((attacked.server.url, 'data:', 'blob:')) else watch.faults.append(f'request {request.url[:120]}'))
    page.on('response', lambda response: watch.refused.append(f'{response.status} {response.url} {response.request.post_data}') if response.status >= 400 else None)
    page.on('popup', lambda popup: watch.faults.append(f'window {popup.url}'))
    yield watch
    context.close()
    assert watch.faults == [], '\n'.join(watch.faults[:40] + watch.refused[:10])


def segment(text: str) -> str:
    return quote(text, safe='')


def test_the_list_is_long_and_of_every_kind() -> None:
    assert len(ATTEMPTS) >= 60
    assert len(set(ATTEMPTS)) == len(ATTEMPTS)


def test_lists_and_settings(attacked: Attacked, watched: Watched) -> None:
    for path in ('', '/llms', '/agents', '/conversations', '/conversations?by=user', '/explore', '/add-data', '/settings/instrumentation', '/settings/redaction', '/settings/sampling', '/settings/retention', '/settings/health'):
        watched.visit(path)
    # Rows of all payloads are there, as text.
    watched.visit('/llms', '.models tbody tr')
    shown = watched.page.locator('.models tbody tr').count()
    assert shown >= 60, shown
    expect(watched.page.locator('.models')).to_contain_text('<script>window.pwned.push')
    watched.page.get_by_role('button', name='Finish reason').click()
    expect(watched.page.locator('.facet-value').first).to_be_visible()
    watched.look('facet')
    watched.page.get_by_role('button', name='Filter', exact=True).click()
    expect(watched.page.locator('.keys .menu-item').first).to_be_visible()
    watched.look('keys')
    for by in ('prompt_version', 'finish_reasons', 'service_name', 'agent_name'):
        watched.visit(f'/llms?by={by}', '.models tbody tr')
    watched.visit('/llms?by=' + segment(f'attributes.{ATTEMPTS[0]}'), '.models tbody tr')


def test_the_call_that_holds_all_of_them_in_every_tab(attacked: Attacked, watched: Watched) -> None:
    page = watched.page
    watched.visit(f'/traces/{attacked.everything.trace_id.hex()}?span={attacked.everything.span_id.hex()}', '.msg')
    while (more := page.get_by_role('button', name=re.compile('earlier message'))).count() > 0:
        more.first.click()
        watched.look('earlier messages')
    for toggle in page.locator('.tool-definition > button').all()[:40]:
        toggle.click()
    watched.look('tool definitions')
    page.get_by_role('button', name='JSON', exact=True).click()
    watched.look('messages as JSON')
    for tab in page.get_by_role('tab').all():
        tab.click()
        page.wait_for_timeout(100)
        watched.look(f'tab {tab.inner_text()}')
    watched.visit(f'/runs/{attacked.everything.trace_id.hex()}/{attacked.run}', 'main')
    for view in ('tools', 'messages', 'trace'):
        watched.visit(f'/runs/{attacked.everything.trace_id.hex()}/{attacked.run}?view={view}', 'main')


# One of each kind is looked at on every page of its own.
LEADS = ('<script>', "' onfocus", '__proto__', '${', '\x00')
EACH = [next(i for i, payload in enumerate(ATTEMPTS) if payload.startswith(lead)) for lead in LEADS]


@pytest.mark.parametrize('number', EACH, ids=str)
def test_one_payload_in_every_place_on_its_own_pages(attacked: Attacked, watched: Watched, number: int) -> None:
    payload, call = ATTEMPTS[number], attacked.calls[number]
    trace = call.trace_id.hex()
    watched.visit(f'/traces/{trace}', '.wr')
    page = watched.page
    for i in range(min(page.locator('.wr').count(), 7)):
        page.locator('.wr').nth(i).click()
        expect(page.locator('.detail [role=tabpanel]')).to_be_visible()
        expect(page.locator('.spinner')).to_have_count(0)
        for tab in page.locator('.detail').get_by_role('tab').all():
            tab.click()
        watched.look(f'span {i}')
    watched.visit(f'?trace={trace}&span={call.span_id.hex()}', '.msg')
    assert watched.refused == []
    watched.visit(f'?q={segment(payload)}')
    # A payload that is no condition is said to be wrong on the page; the browser notes the answer's status.
    page.wait_for_timeout(200)
    watched.refused.clear()
    watched.faults[:] = [fault for fault in watched.faults if 'Failed to load resource' not in fault]
    if payload not in ('..', '.'):
        # A path of dots is no path.
        watched.visit(f'/llms/{segment(payload)}/{segment(payload)}')
        watched.visit(f'/agents/{segment(payload)}')
        watched.visit(f'/agents/{segment(payload)}?tab=runs')
        watched.visit(f'/conversations/{segment(payload)}')
    watched.visit(f'/llms?filter={segment(payload)}&sort={segment(payload)}&by={segment("attributes." + payload)}&is.{segment("attributes." + payload)}={segment(payload)}&compare={segment(payload)}')
    statement = "SELECT '" + payload.replace("'", "''").replace('\x00', "' || chr(0) || '") + "' AS x"
    watched.visit(f'/explore?sql={segment(statement)}')
    assert watched.refused == []


def test_addresses_that_lead_elsewhere(attacked: Attacked, watched: Watched) -> None:
    for next_address in ('javascript:alert(1)', '//elsewhere.invalid', 'http://elsewhere.invalid', '/\\elsewhere.invalid', 'data:text/html,x'):
        watched.page.goto(f'{attacked.server.url}/login?next={segment(next_address)}')
        watched.page.wait_for_timeout(150)
        watched.look(next_address)
        assert watched.page.url.startswith(attacked.server.url)


def test_the_policy_is_strict_and_no_script_is_inline(attacked: Attacked, watched: Watched) -> None:
    answer = attacked.server.http.get('/local/default', headers={'accept': 'text/html'})
    policy = dict(part.strip().split(' ', 1) for part in answer.headers['content-security-policy'].split(';') if ' ' in part.strip())
    assert "'unsafe-inline'" not in policy.get('script-src', policy['default-src'])
    assert "'unsafe-eval'" not in policy.get('script-src', policy['default-src'])
    assert '*' not in answer.headers['content-security-policy'].split()
    assert [policy[name] for name in ('object-src', 'base-uri', 'frame-ancestors')] == ["'none'"] * 3
    assert answer.headers['x-content-type-options'] == 'nosniff'
    assert not re.search(r'<script(?![^>]*\ssrc=)', answer.text)
    assert not re.search(r'\son\w+\s*=', answer.text)
    # Were markup ever to reach the page, the browser would still run nothing of it.
    watched.visit('')
    # The picture's own listener is the last to run; the browser's words about the missing file may come later still.
    with watched.page.expect_console_message(lambda message: '404' in message.text):
        ran = watched.page.evaluate("""async () => {
          const script = document.createElement('script');
          script.textContent = 'window.inline = true';
          document.body.append(script);
          script.remove();
          const element = document.createElement('div');
          element.innerHTML = '<img src=x onerror="window.inline = true">';
          await new Promise((resolve) => element.firstChild.addEventListener('error', resolve));
          return window.inline === true;
        }""")
    assert not ran
    watched.faults[:] = [fault for fault in watched.faults if 'Content Security Policy' not in fault and 'blocked' not in fault and '404' not in fault]


def test_what_is_built_has_no_way_to_make_markup_from_text() -> None:
    source = Path(__file__).parents[3] / 'Web' / 'src'
    ways = re.compile(r'dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|srcdoc|createContextualFragment')
    found = [f'{path.name}: {line.strip()}' for path in source.rglob('*.ts*') for line in path.read_text().splitlines() if ways.search(line)]
    assert found == []
