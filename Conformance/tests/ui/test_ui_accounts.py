"""Set-up, login, consent, projects and tokens in a real browser (C10)."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from harness.otlp import send, span, traces
from harness.server import Server

Open = Callable[..., Page]
EMAIL, PASSWORD = 'ada@example.com', 'correct horse battery'
# What a browser logs by itself for an answer that is no 2xx.
REFUSED = ('Failed to load resource',)
# Hashing a password takes its time by design, and most of all in a build without optimisation. In milliseconds.
HASHING = 30_000


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    """A server that asks everybody to sign in, without any account."""
    with Server(tmp_path / 'data', '--require-login') as server:
        yield server


@pytest.fixture(scope='module')
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that asks everybody to sign in, with one owner."""
    with Server(tmp_path_factory.mktemp('guarded') / 'data', '--require-login') as server:
        code = setup_address(server).split('code=')[1]
        made = server.http.post('/ui/setup', json={'code': code, 'email': EMAIL, 'name': 'Ada', 'password': PASSWORD})
        assert made.status_code == 200, made.text
        yield server


def setup_address(server: Server) -> str:
    found = re.search(r'(http://\S+/setup\S*)', server.output())
    assert found, server.output()
    return found.group(1)


def enter(server: Server, open_page: Open, path: str = '/') -> Page:
    """A page of somebody who has just signed in."""
    page = open_page(f'{server.url}{path}', allow=REFUSED)
    sign_in(page)
    expect(page.get_by_role('heading', name='Sign in')).to_have_count(0, timeout=HASHING)
    return page


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label('E-mail').fill(EMAIL)
    page.get_by_label('Password', exact=True).fill(password)
    page.get_by_role('button', name='Sign in').click()


def test_C10_first_run_makes_the_owner_once(fresh: Server, open_page: Open) -> None:
    address = setup_address(fresh)
    page = open_page(f'{address[:-4]}XXXX', allow=REFUSED)
    page.get_by_role('button', name='Create the account').click()
    expect(page.get_by_text('At least 10 characters.')).to_be_visible()
    page.get_by_label('Your name').fill('Ada')
    page.get_by_label('E-mail').fill(EMAIL)
    page.get_by_label('Password', exact=True).fill(PASSWORD)
    page.get_by_role('button', name='Create the account').click()
    expect(page.get_by_role('alert')).to_be_visible(timeout=HASHING)
    page.get_by_label('One-time code').fill(address.split('code=')[1])
    page.get_by_role('button', name='Create the account').click()
    expect(page.locator('.nav-account')).to_contain_text('Ada', timeout=HASHING)
    assert page.url == f'{fresh.url}/local/default'
    page.goto(address)
    expect(page.get_by_text('set up already')).to_be_visible()


def test_C10_login_leads_back_and_says_what_is_wrong(guarded: Server, open_page: Open) -> None:
    page = open_page(f'{guarded.url}/local/default/settings/tokens', allow=REFUSED)
    expect(page.get_by_role('heading', name='Sign in')).to_be_visible()
    sign_in(page, 'a wrong password')
    expect(page.get_by_role('alert')).to_contain_text('password is wrong', timeout=HASHING)
    sign_in(page)
    expect(page.get_by_role('heading', name='Write tokens')).to_be_visible(timeout=HASHING)
    assert page.url == f'{guarded.url}/local/default/settings/tokens'
    page.locator('.nav-account').click()
    page.get_by_role('menuitemradio', name='Sign out').click()
    expect(page.get_by_role('heading', name='Sign in')).to_be_visible()
    page.goto(f'{guarded.url}/local/default')
    expect(page.get_by_role('heading', name='Sign in')).to_be_visible()


def test_C10_too_many_attempts_show_the_time_to_wait(fresh: Server, open_page: Open) -> None:
    code = setup_address(fresh).split('code=')[1]
    assert fresh.http.post('/ui/setup', json={'code': code, 'email': EMAIL, 'name': 'Ada', 'password': PASSWORD}).status_code == 200

    def attempt(_: int) -> int:
        with httpx.Client(base_url=fresh.url, timeout=120, trust_env=False) as client:
            return client.post('/ui/session', json={'email': EMAIL, 'password': 'a wrong password'}).status_code

    with ThreadPoolExecutor(11) as pool:
        assert 429 in list(pool.map(attempt, range(11)))
    page = open_page(f'{fresh.url}/login', allow=REFUSED)
    sign_in(page)
    expect(page.get_by_role('alert')).to_contain_text('Try again in')
    button = page.get_by_role('button', name=re.compile('Wait'))
    expect(button).to_be_disabled()
    before = button.inner_text()
    expect(button).not_to_have_text(before)


def test_C10_password_is_changed_on_the_account_page(fresh: Server, open_page: Open) -> None:
    code = setup_address(fresh).split('code=')[1]
    assert fresh.http.post('/ui/setup', json={'code': code, 'email': EMAIL, 'name': 'Ada', 'password': PASSWORD}).status_code == 200
    page = enter(fresh, open_page, '/local/default/settings/account')
    page.get_by_label('Current password').fill('not this one')
    page.get_by_label('New password').fill('another long password')
    page.get_by_role('button', name='Change password').click()
    expect(page.get_by_text('the current password is wrong')).to_be_visible(timeout=HASHING)
    page.get_by_label('Current password').fill(PASSWORD)
    page.get_by_role('button', name='Change password').click()
    expect(page.get_by_text('Changed')).to_be_visible(timeout=HASHING)
    assert fresh.http.post('/ui/session', json={'email': EMAIL, 'password': PASSWORD}).status_code == 401
    assert fresh.http.post('/ui/session', json={'email': EMAIL, 'password': 'another long password'}).status_code == 200


def test_an_address_elsewhere_is_not_followed_after_login(guarded: Server, open_page: Open) -> None:
    page = enter(guarded, open_page, '/login?next=//elsewhere.invalid/')
    expect(page.get_by_role('link', name='Settings')).to_be_visible()
    assert page.url.startswith(guarded.url)


class Waiting:
    """The terminal's side of a device authorisation."""

    def __init__(self, server: Server, machine: str) -> None:
        begun = server.http.post('/v1/device-auth/new/', params={'machine_name': machine}).json()
        self.page = begun['frontend_auth_url']
        self.answer: Any = None
        self.thread = threading.Thread(target=self._wait, args=(server.url, begun['device_code']))
        self.thread.start()

    def _wait(self, url: str, code: str) -> None:
        with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
            while True:
                response = client.get(f'/v1/device-auth/wait/{code}')
                if response.status_code != 200 or response.json() is not None:
                    self.answer = response
                    return

    def join(self) -> Any:
        self.thread.join(20)
        return self.answer


@pytest.mark.parametrize('dark', [False, True])
def test_C10_consent_names_the_machine_and_grants(guarded: Server, open_page: Open, dark: bool) -> None:
    terminal = Waiting(guarded, 'ada-laptop')
    page = open_page(terminal.page, dark=dark, allow=REFUSED)
    expect(page.get_by_text('A terminal asks for access; sign in')).to_be_visible()
    sign_in(page)
    expect(page.get_by_text('ada-laptop')).to_be_visible(timeout=HASHING)
    expect(page.locator('.consent')).to_contain_text('127.0.0.1')
    expect(page.locator('.consent')).to_contain_text('Ada')
    page.get_by_role('button', name='Approve').click()
    expect(page.get_by_text('You can return to your terminal')).to_be_visible()
    token = terminal.join().json()['token']
    me = guarded.http.get('/v1/account/me', headers={'Authorization': token})
    assert me.status_code == 200
    page.goto(terminal.page)
    expect(page.locator('.outcome')).to_be_visible()
    expect(page.get_by_role('button', name='Approve')).to_have_count(0)
    page.goto(f'{guarded.url}/local/default/settings/account')
    row = page.get_by_role('row').filter(has_text='ada-laptop')
    row.get_by_role('button', name=re.compile('Revoke')).click()
    expect(row).to_have_count(0)
    assert guarded.http.get('/v1/account/me', headers={'Authorization': token}).status_code == 401


def test_C10_consent_denied_and_unknown(guarded: Server, open_page: Open) -> None:
    page = enter(guarded, open_page)
    terminal = Waiting(guarded, 'stranger')
    page.goto(terminal.page)
    page.get_by_role('button', name='Deny').click()
    expect(page.get_by_text('Access denied')).to_be_visible()
    assert terminal.join().status_code != 200
    page.goto(f'{guarded.url}/device/NOSUCH')
    expect(page.get_by_text('This request has expired')).to_be_visible()


def test_local_page_says_that_nobody_signs_in(server: Server, open_page: Open) -> None:
    page = open_page(server.url)
    expect(page.locator('.nav-account')).to_contain_text('local')
    expect(page.locator('.nav-account')).to_contain_text('no login')
    page.goto(f'{server.url}/login')
    expect(page.locator('.nav-account')).to_be_visible()


def test_projects_are_created_found_and_switched(server: Server, open_page: Open) -> None:
    page = open_page(server.url, allow=REFUSED)
    page.locator('.nav-project').click()
    page.get_by_role('menuitemradio', name='Create project…').click()
    dialog = page.get_by_role('dialog')
    expect(dialog.get_by_label('Name')).to_be_focused()
    dialog.get_by_label('Name').fill('Not Good')
    dialog.get_by_role('button', name='Create project').click()
    expect(dialog.get_by_text('Only lower-case letters, digits and hyphens.')).to_be_visible()
    dialog.get_by_label('Name').fill('default')
    dialog.get_by_role('button', name='Create project').click()
    expect(dialog.locator('.field.is-wrong')).to_have_count(1)
    dialog.get_by_label('Name').fill('checkout')
    page.keyboard.press('Enter')
    expect(page.get_by_role('heading', name='Add data')).to_be_visible()
    assert '/local/checkout/' in page.url
    # What is sent without a token stays in the first project.
    send(server, traces([span('in the default project')]))
    page.goto(f'{server.url}/local/checkout')
    expect(page.get_by_text('Waiting for the first record')).to_be_visible()
    page.locator('.nav-project').click()
    page.get_by_role('menuitemradio', name='default').click()
    expect(page.locator('[data-row]')).to_have_count(1)
    assert page.url == f'{server.url}/local/default'


def test_token_is_shown_once_works_and_is_revoked(server: Server, open_page: Open) -> None:
    page = open_page(f'{server.url}/local/default/settings/tokens', allow=REFUSED)
    page.get_by_role('button', name='Create write token').click()
    dialog = page.get_by_role('dialog')
    dialog.get_by_label('Description').fill('from a test')
    dialog.get_by_role('button', name='Create', exact=True).click()
    token = dialog.locator('[data-token]').inner_text()
    assert token.startswith('pylf_v1_local_')
    for client in ('Python (logfire)', 'Python (OpenTelemetry)', 'Collector', 'curl'):
        dialog.get_by_role('tab', name=client, exact=True).click()
        expect(dialog.locator('.snippet').last).to_contain_text(token)
        assert server.url in dialog.locator('.snippets').inner_text()
    sent = server.http.post('/v1/traces', headers={'Authorization': token, 'Content-Type': 'application/x-protobuf'}, content=traces([span('by token')]).SerializeToString())
    assert sent.status_code == 200
    dialog.get_by_role('button', name='Done').click()
    expect(page.get_by_role('button', name='Create write token')).to_be_focused()
    page.reload()
    row = page.get_by_role('row').filter(has_text='from a test')
    expect(row).to_be_visible()
    assert token not in page.content()
    row.get_by_role('button', name=re.compile('Revoke')).click()
    page.get_by_role('dialog').get_by_role('button', name='Revoke').click()
    expect(row.get_by_role('button', name=re.compile('Remove'))).to_be_visible()
    refused = server.http.post('/v1/traces', headers={'Authorization': token, 'Content-Type': 'application/x-protobuf'}, content=traces([span('too late')]).SerializeToString())
    assert refused.status_code == 401


def test_viewer_reads_and_is_told_why_nothing_can_be_changed(guarded: Server, open_page: Open) -> None:
    page = enter(guarded, open_page, '/local/default/settings/members')
    page.get_by_role('button', name='Invite').click()
    dialog = page.get_by_role('dialog')
    dialog.get_by_label('E-mail').fill('grace@example.com')
    dialog.get_by_label('Role').select_option('viewer')
    dialog.get_by_role('button', name='Invite').click()
    link = dialog.locator('.secret code').inner_text()
    viewer = open_page(link, allow=REFUSED)
    viewer.get_by_label('Password', exact=True).fill('a password of hers')
    viewer.get_by_role('button', name='Join').click()
    expect(viewer.get_by_role('link', name='Settings')).to_be_visible(timeout=HASHING)
    viewer.goto(f'{guarded.url}/local/default/settings')
    expect(viewer.get_by_text('You are a viewer here')).to_be_visible()
    expect(viewer.get_by_label('Name')).to_be_disabled()
    viewer.goto(f'{guarded.url}/local/default/settings/members')
    expect(viewer.get_by_role('cell', name=re.compile('grace@example.com'))).to_be_visible()
    expect(viewer.get_by_role('button', name='Invite')).to_have_count(0)


def test_project_is_renamed_and_deleted_by_its_typed_name(server: Server, open_page: Open) -> None:
    made = server.http.post('/api/v1/projects/', json={'project_name': 'short-lived'})
    assert made.status_code == 201
    page = open_page(f'{server.url}/local/short-lived/settings', allow=REFUSED)
    page.get_by_label('Name', exact=True).fill('longer-lived')
    page.get_by_role('button', name='Save changes').click()
    page.wait_for_url(f'{server.url}/local/longer-lived/settings')
    page.get_by_role('button', name='Delete…').click()
    dialog = page.get_by_role('dialog')
    button = dialog.get_by_role('button', name='Delete the project')
    expect(button).to_be_disabled()
    dialog.get_by_role('textbox').fill('local/longer-lived')
    button.click()
    page.wait_for_url(f'{server.url}/local/default')
    page.goto(f'{server.url}/local/longer-lived')
    expect(page.get_by_text('There is no project local / longer-lived')).to_be_visible()
    expect(page.get_by_role('link', name='local / default')).to_be_visible()
