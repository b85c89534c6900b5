"""Takes the README's pictures of a running server: python screenshots.py http://127.0.0.1:4318 ../Docs/images

Run `make demo` for a minute first, so that there is something to see. Needs Debian's chromium and pngquant.
"""

import json
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TALL_TRACE = """
SELECT c.trace_id, c.span_id FROM llm_calls c
JOIN (SELECT trace_id, count(*) AS spans FROM records GROUP BY trace_id) t USING (trace_id)
WHERE c.cost IS NOT NULL
ORDER BY c.time_to_first_token IS NOT NULL DESC, t.spans DESC, c.start_timestamp DESC LIMIT 1
"""

# A run with failed tools, for its graph.
RUN = """
SELECT trace_id, span_id FROM agent_runs WHERE agent_name = 'support_agent'
ORDER BY tool_calls DESC, start_timestamp DESC LIMIT 1
"""


def query(url: str, sql: str) -> list[dict]:
    body = json.dumps({'sql': sql, 'min_timestamp': '2020-01-01T00:00:00Z'}).encode()
    request = urllib.request.Request(f'{url}/v2/query', body, {'Content-Type': 'application/json'})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)['data']


def take(page: Page, address: str, target: Path) -> None:
    page.goto(address)
    page.wait_for_timeout(2500)
    page.screenshot(path=target)
    if shutil.which('pngquant'):
        subprocess.run(['pngquant', '--force', '--ext', '.png', '128', str(target)], check=True)
    print(target)


def main() -> None:
    url, folder = sys.argv[1].rstrip('/'), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    rows = query(url, TALL_TRACE)
    if not rows:
        sys.exit('no model call to show; run make demo first')
    trace, span = rows[0]['trace_id'], rows[0]['span_id']
    project = f'{url}/local/default'
    run = query(url, RUN)[0]
    pages = {
        'live': f'{project}?trace={trace}&span={span}',
        'trace': f'{project}/traces/{trace}?span={span}',
        'llms': f'{project}/llms',
        'run': f'{project}/agents/support_agent?tab=runs&run={run["trace_id"]}:{run["span_id"]}&view=graph',
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which('chromium'), args=['--no-sandbox'])
        for theme in ('light', 'dark'):
            context = browser.new_context(viewport={'width': 1440, 'height': 900}, color_scheme=theme)
            for name, address in pages.items():
                take(context.new_page(), address, folder / f'{name}-{theme}.png')
        browser.close()


if __name__ == '__main__':
    main()
