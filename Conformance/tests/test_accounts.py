"""C10: logins, roles and tokens on a server that is not bound to loopback."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest

from harness.accounts import PASSWORD, Cast, OpenServer, hearth, sign_in
from harness.environments import interpreter
from harness.grpc_client import EXPORT, call
from harness.programs import python
from harness.query import value
from harness.server import Server

DOCUMENT = Path(__file__).parents[2] / 'Docs' / 'accounts.md'
NOWHERE = '00000000-0000-0000-0000-000000000000'


@pytest.fixture(scope='module')
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    with OpenServer(tmp_path_factory.mktemp('accounts') / 'data') as server:
        yield Cast.on(server)


def table() -> list[tuple[str, str, str, bool]]:
    """The cells of the table in Docs/accounts.md: method, path, sender, allowed."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith('|')]
    start = next(index for index, line in enumerate(lines) if line.startswith('| endpoint |'))
    titles = [cell.strip() for cell in lines[start].strip('|').split('|')][1:]
    cells = []
    for line in lines[start + 2 :]:
        endpoint, *marks = [cell.strip() for cell in line.strip('|').split('|')]
        method, path = endpoint.strip('`').split(' ')
        cells += [(method, path, title, mark == '✓') for title, mark in zip(titles, marks, strict=True)]
    return cells


def concrete(path: str, cast: Cast) -> str:
    """A path with its parameters filled in; what it would change does not exist, except where a test needs it to."""
    path = path.replace('/projects/{id}', f'/projects/{cast.project}').replace('/organizations/{organization}', '/organizations/local')
    path = path.replace('/projects/{project}', '/projects/default').replace('**', 'x')
    return re.sub(r'\{\w+\}', NOWHERE, path)


def body(method: str, path: str) -> dict[str, Any]:
    if path in ('/v1/traces', '/v1/logs', '/v1/metrics'):
        return {'headers': {'Content-Type': 'application/x-protobuf'}, 'content': b''}
    if path == '/v2/query':
        return {'json': {'sql': 'SELECT 1', 'min_timestamp': '2026-01-01T00:00:00Z'}}
    if path == '/v1/query':
        return {'params': {'sql': 'SELECT 1'}}
    return {'json': {}} if method in ('POST', 'PUT', 'PATCH') else {}


@pytest.mark.parametrize('endpoint', sorted({(method, path) for method, path, _, _ in table()}), ids=' '.join)
def test_C10_every_cell_of_the_table(cast: Cast, endpoint: tuple[str, str]) -> None:
    method, path = endpoint
    for _, _, who, is_allowed in [cell for cell in table() if cell[:2] == endpoint]:
        if endpoint == ('DELETE', '/ui/session') and who.startswith('user'):
            continue  # would end the sessions of this table; see test_sign_out
        target = concrete(path, cast)
        if endpoint == ('DELETE', '/api/v1/projects/{id}'):
            name = f'victim-{who.lower().replace(" ", "-")}'
            target = f'/api/v1/projects/{cast.owner.post("/api/v1/projects/", json={"project_name": name}).json()["id"]}'
        if path.endswith('/stream'):
            with httpx.stream('GET', cast.server.url + target, headers=cast.headers[who], params={'project': 'local/default'}, trust_env=False) as response:
                status = response.status_code
        else:
            status = cast.ask(who, method, target, **body(method, path)).status_code
        if is_allowed:
            assert status not in (401, 403), f'{who} may {method} {target}, but the answer was {status}'
        elif who == 'no login':
            assert status == 401, f'{method} {target} needs a login, but the answer was {status}'
        else:
            assert status in (403, 404) and (status == 403 or 'victim' in str(target) or path.startswith('/api/v1/projects/{id}')), (
                f'{who} may not {method} {target}, but the answer was {status}'
            )


def test_C10_first_owner_is_made_once(data: Path) -> None:
    with OpenServer(data) as server:
        assert len(server.setup_codes()) == 1, server.output()
        assert server.http.get('/ui/session').json() | {'organizations': [], 'projects': []} == {
            'is_loopback': False, 'login_required': True, 'needs_setup': True, 'user': None, 'organizations': [], 'projects': [],
        }
        person = {'email': 'ada@example.com', 'name': 'Ada', 'password': PASSWORD}
        assert server.http.post('/ui/setup', json=person | {'code': 'guess'}).status_code == 403
        assert server.http.post('/ui/setup', json=person | {'code': server.setup_codes()[0], 'password': 'short'}).status_code == 422
        made = server.http.post('/ui/setup', json=person | {'code': server.setup_codes()[0]})
        assert made.status_code == 200 and made.json()['user']['name'] == 'Ada' and not made.json()['needs_setup']
        cookie = made.headers['set-cookie']
        assert 'HttpOnly' in cookie and 'SameSite=Lax' in cookie and 'Secure' not in cookie
        assert server.http.post('/ui/setup', json=person | {'code': server.setup_codes()[0]}).status_code == 409
    with OpenServer(data) as server:
        assert server.setup_codes() == [], 'shown once: there is an account now'
        assert sign_in(server, 'ADA@example.com').get('/ui/session').json()['user']['email'] == 'ada@example.com'


def test_C10_cookies_are_secure_under_tls(data: Path) -> None:
    with OpenServer(data, '--public-url', 'https://hearth.example.com') as server:
        code = re.findall(r'https://hearth.example.com/setup\?code=(\w+)', server.output())[0]
        made = server.http.post('/ui/setup', json={'code': code, 'email': 'a@example.com', 'password': PASSWORD})
        assert '; Secure' in made.headers['set-cookie']
        assert made.json()['projects'][0]['project_url'] == 'https://hearth.example.com/local/default'
        forwarded = {'X-Forwarded-For': '6.6.6.6, 198.51.100.7'}
        begun = server.http.post('/v1/device-auth/new/', params={'machine_name': 'my laptop'}, headers=forwarded).json()
        assert begun['frontend_auth_url'].startswith('https://hearth.example.com/device/')
        cookie = {'Cookie': made.headers['set-cookie'].split(';')[0]}
        asked = server.http.get('/ui/device/' + begun['frontend_auth_url'].rsplit('/', 1)[1], headers=cookie).json()
        assert (asked['machine_name'], asked['address']) == ('my laptop', '198.51.100.7'), 'what the nearest proxy says'


def test_C10_attempts_to_sign_in_are_limited(cast: Cast) -> None:
    invited = cast.owner.post('/api/v1/members/', json={'email': 'limited@example.com', 'role': 'viewer'}).json()
    code = invited['password_link'].rsplit('/', 1)[1]
    cast.server.browser().post(f'/ui/password-links/{code}', json={'password': PASSWORD})
    known = {'email': 'limited@example.com', 'password': 'not the password'}
    first = cast.server.browser().post('/ui/session', json=known)
    unknown = cast.server.browser().post('/ui/session', json=known | {'email': 'nobody@example.com'})
    assert first.status_code == unknown.status_code == 401 and first.json() == unknown.json()
    for _ in range(9):
        assert cast.server.browser().post('/ui/session', json=known).status_code == 401
    refused = cast.server.browser().post('/ui/session', json=known | {'password': PASSWORD})
    assert refused.status_code == 429 and 0 < int(refused.headers['retry-after']) <= 900


def test_sign_out_and_a_new_password(cast: Cast) -> None:
    invited = cast.owner.post('/api/v1/members/', json={'email': 'leaver@example.com', 'role': 'viewer'}).json()
    code = invited['password_link'].rsplit('/', 1)[1]
    assert cast.server.http.get(f'/ui/password-links/{code}').json()['purpose'] == 'invite'
    first = cast.server.browser()
    assert first.post(f'/ui/password-links/{code}', json={'password': PASSWORD, 'name': 'Lee'}).status_code == 200
    assert cast.server.browser().post(f'/ui/password-links/{code}', json={'password': PASSWORD}).status_code == 404, 'once'
    second = sign_in(cast.server, 'leaver@example.com')
    assert [session['is_current'] for session in second.get('/ui/sessions/').json()].count(True) == 1
    assert second.put('/ui/password', json={'current_password': 'wrong', 'new_password': PASSWORD + '2'}).status_code == 403
    assert second.put('/ui/password', json={'current_password': PASSWORD, 'new_password': PASSWORD + '2'}).status_code == 204
    assert second.get('/ui/config').status_code == 200
    assert first.get('/ui/config').status_code == 401, 'a new password ends the other sessions'
    assert second.delete('/ui/session').status_code == 204
    assert second.get('/ui/config').status_code == 401
    cookie = second.cookies.get('hearth_session')
    assert not cookie
    reset = cast.owner.post(f'/api/v1/members/{invited["user_id"]}/password-link/').json()
    assert cast.server.browser().post(f'/ui/password-links/{reset["password_link"].rsplit("/", 1)[1]}', json={'password': PASSWORD}).status_code == 200
    assert cast.owner.delete(f'/api/v1/members/{invited["user_id"]}/').status_code == 204
    assert cast.server.browser().post('/ui/session', json={'email': 'leaver@example.com', 'password': PASSWORD}).status_code == 401


def test_forged_requests_are_refused(cast: Cast) -> None:
    user = cast.headers['user owner']
    foreign = httpx.post(cast.server.url + '/api/v1/api-keys/', headers=user | {'Origin': 'http://evil.example'}, json={}, trust_env=False)
    assert foreign.status_code == 403
    form = httpx.post(cast.server.url + '/api/v1/api-keys/', headers=user | {'Content-Type': 'text/plain'}, content='{}', trust_env=False)
    assert form.status_code == 415


def test_tokens_end_when_they_should(cast: Cast) -> None:
    path = f'/api/v1/projects/{cast.project}/read-tokens/'
    soon = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 2))
    short = cast.make(path, expires_at=soon)
    made = cast.owner.post(path, json={'description': 'grafana'}).json()

    def status(token: str) -> int:
        return httpx.get(cast.server.url + '/v1/read-token-info', headers={'Authorization': token}, trust_env=False).status_code

    assert status(short) == status(made['token']) == 200
    rotated = cast.owner.post(f'{path}{made["id"]}/rotate/', json={'grace_period_hours': 1}).json()
    assert status(made['token']) == status(rotated['token']) == 200, 'the old token works until its grace ends'
    assert cast.owner.patch(f'{path}{made["id"]}/expire/').status_code == 204
    assert (status(made['token']), status(rotated['token'])) == (401, 200)
    assert cast.owner.delete(f'{path}{rotated["id"]}/').status_code == 204
    assert status(rotated['token']) == 401
    assert cast.owner.post(path, json={'expires_at': '2020-01-01T00:00:00Z'}).status_code == 422
    time.sleep(2.5)
    assert status(short) == 401
    unknown = httpx.get(cast.server.url + '/v1/read-token-info', headers={'Authorization': 'pylf_v1_local_' + 'x' * 40}, trust_env=False)
    nothing = httpx.get(cast.server.url + '/v1/read-token-info', trust_env=False)
    assert unknown.status_code == nothing.status_code == 401 and unknown.json() == nothing.json(), 'says nothing of what exists'
    listed = {token['id']: token for token in cast.owner.get(path).json()}
    assert rotated['id'] not in listed and not listed[made['id']]['active'] and 'token' not in listed[made['id']]


def test_no_secret_is_stored_in_the_clear(cast: Cast) -> None:
    secrets = [headers['Authorization'].split()[1][-30:] for headers in cast.headers.values() if 'Authorization' in headers]
    secrets += [headers['Cookie'].split('=')[1] for headers in cast.headers.values() if 'Cookie' in headers] + [PASSWORD]
    for file in cast.server.data.rglob('*'):
        if file.is_file():
            content = file.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in content], file


TWO_PROJECTS = '''
import sys, logfire
logfire.configure(service_name='two', console=False)
with logfire.span('seen twice'):
    logfire.info('inside')
logfire.force_flush()
logfire.shutdown()
'''


@pytest.mark.parametrize('version', ['5.4', '4.30'])
def test_two_tokens_go_to_two_projects(cast: Cast, version: str, tmp_path: Path) -> None:
    names = [f'{name}-{version.replace(".", "-")}' for name in ('left', 'right')]
    ids = [cast.owner.post('/api/v1/projects/', json={'project_name': name}).json()['id'] for name in names]
    tokens = [cast.make(f'/api/v1/projects/{project}/write-tokens/') for project in ids]
    program = tmp_path / 'program.py'
    program.write_text(TWO_PROJECTS)
    environment = {'LOGFIRE_TOKEN': ','.join(tokens), 'LOGFIRE_BASE_URL': cast.server.url, 'LOGFIRE_SEND_TO_LOGFIRE': 'true', 'HOME': str(tmp_path)}
    python(str(program), environment=environment, executable=interpreter(f'logfire-{version}'))
    for project, count in [(f'local/{names[0]}', 2), (f'local/{names[1]}', 2), ('local/default', 0)]:
        answer = cast.owner.post(
            '/v2/query',
            json={'sql': "SELECT count(*) AS n FROM records WHERE service_name = 'two'", 'min_timestamp': '2020-01-01T00:00:00Z'},
            headers={'X-Hearth-Project': project},
        )
        assert answer.json()['data'] == [{'n': count}], project
        live = cast.owner.get('/ui/live', params={'project': project, 'min_timestamp': '2020-01-01T00:00:00Z'}).json()
        assert len([record for record in live['records'] if record['service_name'] == 'two']) >= count and (count or not live['records'])


def test_tokens_over_grpc(cast: Cast) -> None:
    def status(headers: dict[str, str]) -> grpc.StatusCode:
        return call(cast.server, EXPORT['traces'], b'', headers=tuple((name.lower(), text) for name, text in headers.items())).code

    assert status(cast.headers['write token']) == grpc.StatusCode.OK
    assert status({'authorization': cast.headers['write token']['Authorization'].split()[1]}) == grpc.StatusCode.OK
    assert status(cast.headers['read token']) == grpc.StatusCode.PERMISSION_DENIED
    assert status({'authorization': 'pylf_v1_local_unknown'}) == status({}) == grpc.StatusCode.UNAUTHENTICATED


def test_one_port_open_to_others_makes_both_ask_for_tokens(data: Path) -> None:
    with Server(data, '--grpc', '0.0.0.0:0') as server:
        server.grpc = server.grpc.replace('0.0.0.0', '127.0.0.1')
        assert server.http.get('/v1/info').status_code == 401
        assert call(server, EXPORT['traces'], b'').code == grpc.StatusCode.UNAUTHENTICATED
        token = hearth(data, 'tokens', 'create').strip()
        time.sleep(1.5)
        assert call(server, EXPORT['traces'], b'', headers=(('authorization', token),)).code == grpc.StatusCode.OK


def test_schemas_name_every_table_and_column(cast: Cast) -> None:
    tables = {table['name']: table['schema'] for table in cast.ask('read token', 'GET', '/v1/schemas').json()['tables']}
    assert {'records', 'records_all', 'metrics', 'llm_calls', 'agent_runs'} <= set(tables)
    assert {'data_type', 'nullable', 'description'} <= set(tables['records']['start_timestamp'])
    assert tables['records']['message']['data_type'] and tables['llm_calls']['cost']['data_type']


def test_an_organisation_is_closed_to_others(cast: Cast) -> None:
    assert cast.owner.post('/api/v1/organizations/', json={'organization_name': 'other'}).status_code == 201
    secret = cast.owner.post('/api/v1/projects/', json={'project_name': 'secret', 'organization_name': 'other'}).json()['id']
    for who in ('user member', 'API key owner', 'read token'):
        assert cast.ask(who, 'GET', f'/api/v1/projects/{secret}/').status_code == 404
        assert cast.ask(who, 'GET', '/ui/config', headers={'X-Hearth-Project': 'other/secret'}).status_code == 404
    assert [item['project_name'] for item in cast.ask('user member', 'GET', '/api/v1/projects/').json() if item['organization_name'] == 'other'] == []
    assert cast.owner.post('/api/v1/organizations/', json={'organization_name': 'ui'}).status_code == 422


def test_A7_loopback_takes_any_token_and_keeps_to_known_ones(shared_server: Server) -> None:
    http = shared_server.http
    made = http.post('/v1/organizations/local/projects', json={'project_name': 'known'}).json()
    assert sorted(made) == ['project_name', 'project_url', 'token'] and made['project_url'].endswith('/local/known')

    def info(token: str | None) -> httpx.Response:
        return http.get('/v1/info', headers={'Authorization': token} if token else {})

    assert info(None).json()['project_name'] == 'default' and 'x-logfire-warning' not in info(None).headers
    assert 'unknown token' in info('pylf_v1_local_nobodyknows').headers['x-logfire-warning']
    assert 'x-logfire-warning' not in info('pylf_v1_local_nobodyknows').headers, 'warned once'
    assert info(made['token']).json()['project_name'] == 'known'
    assert http.get('/v1/read-token-info', headers={'Authorization': made['token']}).status_code == 403, 'a write token does not read'
    projects = {item['project_name']: item['id'] for item in http.get('/api/v1/projects/').json()}
    token = http.get(f'/api/v1/projects/{projects["known"]}/write-tokens/').json()[0]
    assert http.delete(f'/api/v1/projects/{projects["known"]}/write-tokens/{token["id"]}/').status_code == 204
    assert info(made['token']).status_code == 401, 'revoked is not unknown'
    assert value(shared_server, 'SELECT 1') == 1
