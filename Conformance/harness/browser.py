"""Measures of a page in a real browser, for the budgets of the web UI (E10)."""

import gzip
import os
import shutil
import statistics
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx
from playwright.sync_api import Browser, CDPSession, Page

CHROMIUM = os.environ.get('HEARTH_CHROMIUM') or shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')

# Watches a page from its very beginning. `event` entries are what "interaction to next paint" is made of.
WATCH = """
window.watched = {shift: 0, shifts: [], long: [], events: [], seen: {}, frame: null};
new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) {
  watched.shift += e.value;
  watched.shifts.push(e.sources.map((s) => (s.node && s.node.className) || (s.node && s.node.nodeName) || '?').join(' '));
} }).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((l) => { for (const e of l.getEntries()) watched.long.push(e.duration); }).observe({type: 'longtask', buffered: true});
new PerformanceObserver((l) => { for (const e of l.getEntries()) if (e.interactionId) watched.events.push([e.name, e.duration]); })
  .observe({type: 'event', buffered: true, durationThreshold: 16});
window.awaitPainted = (selector) => new Promise((done) => {
  const look = () => {
    if (!document.querySelector(selector)) return false;
    // After the frame that shows it, and only when nothing else holds the main thread.
    requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => done(performance.now()); channel.port2.postMessage(0); });
    return true;
  };
  if (look()) return;
  const observer = new MutationObserver(() => { if (look()) observer.disconnect(); });
  observer.observe(document, {childList: true, subtree: true, attributes: true, attributeFilter: ['class', 'data-row']});
});
"""

# The same work on every machine and day: what a page's script costs is told in multiples of it. In a timer, because
# what the inspector evaluates is not counted as the page's script.
CALIBRATE = """
(times) => new Promise((done, failed) => setTimeout(() => {
  const once = () => {
    let text = '';
    const found = new Map();
    for (let i = 0; i < 60000; i += 1) {
      const key = `key ${(i * 7919) % 1000}`;
      found.set(key, (found.get(key) ?? 0) + Math.sqrt(i));
      if (i % 100 === 0) text += JSON.stringify({key, value: found.get(key)});
    }
    return text.length;
  };
  let length = 0;
  for (let i = 0; i < times; i += 1) length += once();
  if (length > 0) done(length); else failed(new Error('nothing was made'));
}))
"""


@dataclass
class Counts:
    """What a page took to be shown: counts that do not depend on the machine, beside seconds that do."""

    nodes: int
    """DOM nodes."""
    long_tasks: int
    script_seconds: float
    """CPU."""
    calibration_seconds: float
    """CPU of one calibration loop in the same page."""
    shift: float
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def script_cost(self) -> float:
        """CPU time of scripts in multiples of the calibration loop."""
        return self.script_seconds / self.calibration_seconds


def metrics(session: CDPSession) -> dict[str, float]:
    return {entry['name']: entry['value'] for entry in session.send('Performance.getMetrics')['metrics']}


def main_thread(page: Page) -> CDPSession:
    """Counts the CPU of the page's main thread from now on: other programs and the page's own waiting are not in it."""
    session = page.context.new_cdp_session(page)
    session.send('Performance.enable', {'timeDomain': 'threadTicks'})
    return session


def watched_page(browser: Browser, **options: Any) -> tuple[Page, CDPSession]:
    """A page of its own context that is watched from the beginning."""
    context = browser.new_context(viewport={'width': 1440, 'height': 900}, **options)
    page = context.new_page()
    page.add_init_script(WATCH)
    return page, main_thread(page)


def calibrate(page: Page, session: CDPSession, times: int = 10) -> float:
    """CPU seconds of one calibration loop."""
    page.evaluate(CALIBRATE, 20)
    before = metrics(session)['ScriptDuration']
    page.evaluate(CALIBRATE, times)
    return (metrics(session)['ScriptDuration'] - before) / times


def count(page: Page, session: CDPSession) -> Counts:
    """What the page has taken so far. The calibration loop runs afterwards and is not in it."""
    now = metrics(session)
    watched = page.evaluate('({long: watched.long.length, shift: watched.shift, shifts: watched.shifts, nodes: document.querySelectorAll("*").length})')
    return Counts(watched['nodes'], watched['long'], now['ScriptDuration'], calibrate(page, session), watched['shift'], {'shifts': watched['shifts']})


def first_paint(page: Page) -> float:
    """Seconds until the first contentful paint of the present document."""
    return page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()") / 1000


def usable(page: Page, address: str, selector: str) -> float:
    """Seconds from the start of the navigation until `selector` is painted and the page answers."""
    page.goto(address, wait_until='commit')
    return page.evaluate('(selector) => awaitPainted(selector)', selector) / 1000


def median_usable(page: Page, address: str, selector: str, times: int) -> float:
    """The median over loads with warm caches; the first one only warms them."""
    usable(page, address, selector)
    return statistics.median(usable(page, address, selector) for _ in range(times))


def slowest_interaction(page: Page) -> tuple[str, float]:
    """The interaction whose next paint took longest since it was asked last, and its seconds; those below 16 ms are not recorded."""
    page.wait_for_timeout(250)
    events = page.evaluate('watched.events.splice(0)')
    name, duration = max(events, key=lambda event: event[1], default=('none', 0))
    return name, duration / 1000


def first_scripts(url: str) -> dict[str, int]:
    """Bytes, packed with gzip, of the scripts that the page loads before it shows anything."""
    from html.parser import HTMLParser

    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = dict(attrs)
            if tag == 'script' and values.get('src'):
                found.append(values['src'] or '')
            if tag == 'link' and values.get('rel') == 'modulepreload':
                found.append(values['href'] or '')

    Reader().feed(httpx.get(url, headers={'Accept': 'text/html'}, trust_env=False).text)
    assert found, f'{url} names no script'
    return {name: len(gzip.compress(httpx.get(urljoin(url, name), trust_env=False).content, 9)) for name in found}
