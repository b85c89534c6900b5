"""Every route: it loads, it can be reloaded, it has both themes, and nothing goes wrong on the console."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from routes import ROUTES, Populated, known_routes, pages_of_the_router, populate, settle

from harness.server import Server

Open = Callable[..., Page]


@pytest.fixture(scope='module')
def populated(shared_server: Server) -> Populated:
    return populate(shared_server)


def test_every_page_of_the_router_is_in_the_table() -> None:
    assert pages_of_the_router() - {route.page for route in ROUTES} == set(), 'add the page to ROUTES in routes.py'


def test_every_route_loads_reloads_and_has_both_themes(populated: Populated, open_page: Open) -> None:
    page = open_page('about:blank')
    for route in known_routes():
        address = populated.address(route)
        page.emulate_media(color_scheme='light')
        page.goto(address)
        settle(page, route)
        expect(page.locator('html')).to_have_attribute('data-theme', 'light')
        before = page.url
        page.emulate_media(color_scheme='dark')
        page.reload()
        settle(page, route)
        expect(page.locator('html')).to_have_attribute('data-theme', 'dark')
        assert page.url == before, f'{address}: a reload leads elsewhere'
        assert page.title().endswith('Hearth'), address
        expect(page.locator('.state-error')).to_have_count(0)


def test_back_and_forward_go_through_the_pages(populated: Populated, open_page: Open) -> None:
    base = f'{populated.server.url}/local/default'
    page = open_page(f'{base}/llms')
    page.locator('.models tbody a').first.click()
    expect(page.locator('.chart').first).to_be_visible()
    page.go_back()
    expect(page.locator('.models')).to_be_visible()
    page.go_forward()
    expect(page.locator('.chart').first).to_be_visible()
