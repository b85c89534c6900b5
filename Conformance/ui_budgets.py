"""Measures the web UI's budgets in a real browser and prints them as a table: python ui_budgets.py [--json] [--times 5] [--table ../README.md]

Starts a server of its own with `bin/hearth` (or the program HEARTH_PROGRAM names). Ends with 1 when a budget is missed.
Scripts/ui-budgets.sh sets up what it needs.
"""

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent / 'tests' / 'ui'))

from harness.browser import CHROMIUM, count, first_paint, first_scripts, median_usable, slowest_interaction, watched_page  # noqa: E402
from harness.otlp import send, span, traces  # noqa: E402
from harness.server import Server  # noqa: E402

MARKS = ('<!-- ui-budgets -->', '<!-- ui-budgets: end -->')


@dataclass
class Figure:
    """One line of the table. `most` is the budget; both in the unit."""

    what: str
    most: float
    measured: float
    unit: str

    @property
    def holds(self) -> bool:
        return self.measured <= self.most

    def line(self) -> str:
        def text(value: float) -> str:
            return f'{value:.0f} {self.unit}'.strip() if self.unit not in ('', '×') or value >= 10 else f'{value:.3g} {self.unit}'.strip()

        return f'| {self.what} | {text(self.most)} | {text(self.measured)}{"" if self.holds else " **missed**"} |'


def trace_of(server: Server, spans: int, service: str) -> str:
    """A trace of many spans, ten under each parent. Returns its id."""
    trace = os.urandom(16)
    start = time.time_ns() - 60_000_000_000
    root = span('root', trace=trace, start=start, seconds=50)
    made = [root]
    parents = [root.span_id]
    step = 49_000_000_000 // spans
    for i in range(spans - 1):
        parent = parents[i // 10]
        child = span(f'step {i}', trace=trace, parent=parent, start=start + i * step, seconds=0.4 if i % 10 == 0 else 0.02, values={'step': i, 'kind': f'kind {i % 7}'})
        made.append(child)
        parents.append(child.span_id)
    for at in range(0, len(made), 5000):
        send(server, traces(made[at : at + 5000], service=service))
    return trace.hex()


def traffic(server: Server) -> None:
    """Model calls, agents and plain spans, so that every page has something to show."""
    from ui_traffic import agent_run

    for i in range(60):
        agent_run(server, f'service-{i % 6}', (0.01, 0.002, None))


def paint(page: Page, address: str, awaited: str, times: int) -> float:
    """The median first contentful paint of loads with warm caches, in ms."""
    found = []
    for i in range(times + 1):
        page.goto(address)
        page.locator(awaited).first.wait_for()
        page.wait_for_timeout(100)
        if i > 0:
            found.append(first_paint(page))
    return statistics.median(found) * 1000


def interactions(page: Page, base: str, trace: str) -> list[tuple[str, float]]:
    """Seconds to the next paint of what readers do most, each the slowest of its kind."""
    found: list[tuple[str, float]] = []

    def measure(what: str, act: Callable[[], None]) -> None:
        # The median of the slowest of three rounds: what other programs take meanwhile is not the page's.
        rounds = []
        for _ in range(3):
            slowest_interaction(page)
            act()
            rounds.append(slowest_interaction(page)[1])
        found.append((what, statistics.median(rounds)))

    def keys(*names: str) -> Callable[[], None]:
        def press() -> None:
            for name in names:
                page.keyboard.press(name)
                page.wait_for_timeout(60)

        return press

    page.goto(base)
    page.locator('[data-row]').first.wait_for()
    page.wait_for_timeout(500)
    measure('Live: next row, open, close', keys('j', 'j', 'l', 'j', 'h', 'k'))
    measure('Live: words in the search box', lambda: (page.keyboard.press('/'), page.keyboard.type('step', delay=40), page.keyboard.press('Escape')))
    page.goto(f'{base}/traces/{trace}')
    page.locator('.wr').first.wait_for()
    page.wait_for_timeout(1500)
    measure('Trace of 100,000 spans: next span, close, open', keys('j', 'j', 'l', 'j', 'h', 'l', 'k'))
    page.goto(f'{base}/llms')
    page.locator('.models tbody tr').first.wait_for()
    page.wait_for_timeout(300)
    measure('LLMs: sort', lambda: [page.get_by_role('button', name=name).first.click() for name in ('Calls', 'Cost')])
    page.goto(f'{base}/explore?limit=10000&sql=SELECT+*+FROM+records_all+ORDER+BY+start_timestamp+DESC')
    page.locator('.grid-row').first.wait_for()
    page.wait_for_timeout(500)
    measure('Explore: keys and sort over 10,000 rows', lambda: (page.locator('.grid').focus(), keys('Control+Home', 'ArrowDown', 'PageDown', 'ArrowRight', 's', 'Control+End')()))
    measure('Explore: typing with completion', lambda: (page.locator('.sql-editor .CodeMirror').click(), page.keyboard.type(' service_n', delay=60)))
    return found


def streaming_shifts(page: Page, base: str, server: Server) -> tuple[float, list[str]]:
    """Layout shift while traces stream into Live for three seconds, and what was shifted."""
    page.goto(base)
    page.locator('[data-row]').first.wait_for()
    # What the page is made of has come, whenever that is; then it rests.
    page.locator('[data-connection="live"]').wait_for()
    page.locator('.hist-total', has_text=re.compile('[0-9]')).wait_for()
    page.evaluate('document.fonts.ready.then(() => true)')
    page.wait_for_timeout(1200)
    page.evaluate('watched.shift = 0; watched.shifts.length = 0')
    for i in range(15):
        send(server, traces([span(f'streamed {i} {k}') for k in range(20)], service='streaming'))
        page.wait_for_timeout(200)
    page.wait_for_timeout(500)
    return page.evaluate('watched.shift'), page.evaluate('watched.shifts')


def measure(server: Server, times: int) -> list[Figure]:
    figures: list[Figure] = []
    traffic(server)
    small, large = trace_of(server, 1000, 'thousand'), trace_of(server, 100_000, 'hundred-thousand')
    base = f'{server.url}/local/default'
    scripts = first_scripts(server.url)
    figures.append(Figure('first scripts, gzip', 250, sum(scripts.values()) / 1024, 'KB'))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=['--no-sandbox'])
        page, session = watched_page(browser)
        pages = (('Live', base, '[data-row]'), ('LLMs', f'{base}/llms', '.models tbody tr'), ('Trace', f'{base}/traces/{small}', '.wr'), ('Explore', f'{base}/explore', '.CodeMirror'))
        for name, address, awaited in pages:
            figures.append(Figure(f'{name}: first contentful paint, warm', 300, paint(page, address, awaited, times), 'ms'))
        figures.append(Figure('Trace of 1,000 spans: usable', 300, median_usable(page, f'{base}/traces/{small}', '.wr', times) * 1000, 'ms'))
        figures.append(Figure('Trace of 100,000 spans: usable', 1000, median_usable(page, f'{base}/traces/{large}', '.wr', times) * 1000, 'ms'))
        for what, seconds in interactions(page, base, large):
            figures.append(Figure(f'{what}: to next paint, slowest', 100, seconds * 1000, 'ms'))
        figures.append(Figure('Live: layout shift while 100 spans/s stream in', 0, streaming_shifts(page, base, server)[0], ''))
        page.context.close()
        for name, address, awaited in (*pages, ('Trace of 100,000 spans', f'{base}/traces/{large}', '.wr')):
            page, session = watched_page(browser)
            page.goto(address)
            page.locator(awaited).first.wait_for()
            page.wait_for_timeout(1500)
            found = count(page, session)
            most_nodes, most_cost = LIMITS[name]
            figures.append(Figure(f'{name}: DOM nodes', most_nodes, found.nodes, ''))
            figures.append(Figure(f'{name}: script CPU in calibration loops', most_cost, found.script_cost, '×'))
            figures.append(Figure(f'{name}: layout shift while loading', 0.1, found.shift, ''))
            page.context.close()
        browser.close()
    return figures


LIMITS = {'Live': (2000, 40), 'LLMs': (2000, 40), 'Trace': (2000, 40), 'Explore': (2000, 50), 'Trace of 100,000 spans': (2000, 200)}
"""Most DOM nodes, and most script CPU in multiples of the calibration loop, of a page that has just been opened."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--json', action='store_true', help='print the figures as JSON')
    parser.add_argument('--times', type=int, default=5, help='loads for each median')
    parser.add_argument('--table', type=Path, help='write the table between the marks of this file')
    arguments = parser.parse_args()
    if not CHROMIUM:
        sys.exit('no Chromium; install it (apt-get install chromium) or name it in HEARTH_CHROMIUM')
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / 'data') as server:
        figures = measure(server, arguments.times)
    table = '\n'.join(['| what | budget | measured |', '|---|---:|---:|', *(figure.line() for figure in figures)])
    if arguments.json:
        print(json.dumps([figure.__dict__ | {'holds': figure.holds} for figure in figures], indent=2))
    else:
        print(table)
    if arguments.table:
        text = arguments.table.read_text()
        begin, end = MARKS
        if begin not in text or end not in text:
            sys.exit(f'{arguments.table} has no marks {begin} … {end}')
        arguments.table.write_text(re.sub(f'{re.escape(begin)}.*?{re.escape(end)}', lambda _: f'{begin}\n{table}\n{end}', text, flags=re.S))
    missed = [figure.what for figure in figures if not figure.holds]
    if missed:
        print(f'missed: {"; ".join(missed)}', file=sys.stderr)
        sys.exit(1)


if __name__ == '__main__':
    main()
