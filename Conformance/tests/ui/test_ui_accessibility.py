"""Accessible names, focus, roles and contrast, checked by axe-core on every page and the main dialogs, in both themes."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from routes import Populated, known_routes, populate, settle

from harness.server import Server

Open = Callable[..., Page]
SCRIPT = Axe().axe_script
# WCAG 2.1 A and AA, and what axe-core calls best practice; what only a person can judge is not among them.
ALL = {'resultTypes': ['violations'], 'runOnly': ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}
CONTRAST = {'resultTypes': ['violations'], 'runOnly': {'type': 'rule', 'values': ['color-contrast']}}


@pytest.fixture(scope='module')
def populated(shared_server: Server) -> Populated:
    return populate(shared_server)


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate('"axe" in window'):
        page.evaluate(SCRIPT)
    found = page.evaluate('async (options) => (await axe.run(document, options)).violations', options)
    lines = []
    for violation in found:
        for node in violation['nodes']:
            why = ' '.join(check['message'] for check in node['any'] + node['all'] + node['none'])
            lines.append(f'{violation["id"]} ({violation["impact"]}): {" ".join(map(str, node["target"]))}: {node["html"][:160]}: {why[:200]}')
    return lines


def rest(page: Page) -> None:
    """Colours that are fading would be measured half way. A child may begin to fade when its parent has ended, so more than once."""
    for _ in range(3):
        page.evaluate('document.getAnimations().forEach((a) => a.effect?.getComputedTiming().endTime !== Infinity && a.finish())')
        page.wait_for_timeout(20)


def both_themes(page: Page, where: str) -> list[str]:
    """Everything in the light theme, contrast again in the dark one."""
    page.emulate_media(color_scheme='light', reduced_motion='reduce')
    expect(page.locator('html')).to_have_attribute('data-theme', 'light')
    rest(page)
    found = [f'{where} light: {line}' for line in violations(page, ALL)]
    page.emulate_media(color_scheme='dark', reduced_motion='reduce')
    expect(page.locator('html')).to_have_attribute('data-theme', 'dark')
    rest(page)
    return found + [f'{where} dark: {line}' for line in violations(page, CONTRAST)]


def test_every_page_passes_axe_in_both_themes(populated: Populated, open_page: Open) -> None:
    page = open_page('about:blank')
    found = []
    for route in known_routes():
        page.goto(populated.address(route))
        settle(page, route)
        found += both_themes(page, route.path or '/')
    assert found == [], '\n'.join(found)


DIALOGS: dict[str, tuple[str, Callable[[Page], Any], str]] = {
    'command palette': ('', lambda page: page.keyboard.press('Control+k'), '[role=dialog]'),
    'shortcuts': ('', lambda page: page.keyboard.press('?'), '[role=dialog]'),
    'time range': ('/llms', lambda page: page.get_by_role('button', name='Last day').click(), '.popover'),
    'saved searches': ('?service=routes', lambda page: page.get_by_role('button', name='Saved searches').click(), '.saved-menu form'),
    'values of a pill': ('', lambda page: page.get_by_role('toolbar', name='Filters').get_by_role('button', name='Service').click(), '.filter-menu [role=menuitemradio]:nth-of-type(2)'),
    'environments': ('/llms', lambda page: page.get_by_role('button', name='All environments').click(), '.popover'),
    'project switcher': ('/llms', lambda page: page.locator('nav button').first.click(), '.popover, [role=dialog]'),
    'group by': ('/llms', lambda page: page.get_by_role('button', name='Group by Model').click(), '.keys .menu-item'),
    'facet': ('/llms', lambda page: page.get_by_role('button', name='Finish reason').click(), '.facet-value'),
    'filter by any key': ('/llms', lambda page: page.get_by_role('button', name='Filter', exact=True).click(), '.keys .menu-item'),
    'new token': ('/settings/tokens', lambda page: page.get_by_role('button', name='token', exact=False).first.click(), '[role=dialog]'),
    'new price': ('/settings/prices', lambda page: page.get_by_role('button', name='override', exact=False).first.click(), '[role=dialog]'),
}


@pytest.mark.parametrize('dialog', DIALOGS)
def test_the_main_dialogs_pass_axe_in_both_themes_and_give_the_focus_back(populated: Populated, open_page: Open, dialog: str) -> None:
    path, opener, awaited = DIALOGS[dialog]
    page = open_page(f'{populated.server.url}/local/default{path}')
    expect(page.locator('main').locator('h1, [data-row]').first).to_be_visible()
    opener(page)
    expect(page.locator(awaited).first).to_be_visible()
    assert page.evaluate('document.activeElement !== document.body'), 'what opens takes the focus'
    assert both_themes(page, dialog) == []
    page.keyboard.press('Escape')
    expect(page.locator('[role=dialog], .popover')).to_have_count(0)


@pytest.mark.parametrize('path', ['/login', '/setup', '/device/ABCD-EFGH'])
def test_the_doors_pass_axe_in_both_themes(data: Any, open_page: Open, path: str) -> None:
    with Server(data, '--require-login') as server:
        page = open_page(f'{server.url}{path}', allow=('Failed to load resource',))
        expect(page.locator('h1').first).to_be_visible()
        assert both_themes(page, path) == []


def test_the_keyboard_reaches_everything_on_the_llms_page(populated: Populated, open_page: Open) -> None:
    page = open_page(f'{populated.server.url}/local/default/llms')
    expect(page.locator('.models tbody tr').first).to_be_visible()
    seen = []
    for _ in range(60):
        page.keyboard.press('Tab')
        seen.append(page.evaluate('document.activeElement.getAttribute("aria-label") || document.activeElement.textContent.trim()'))
    order = ['Skip to content', 'Filter by model or provider', 'Open in Explore', 'Finish reason', 'Filter', 'Errors', 'Compare routes-model']
    places = [next((i for i, name in enumerate(seen) if name == wanted or (wanted != 'Filter' and name.startswith(wanted))), None) for wanted in order]
    assert None not in places, dict(zip(order, places))
    assert places == sorted(places), dict(zip(order, places))
