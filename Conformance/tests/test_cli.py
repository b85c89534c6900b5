"""The Logfire command line against Hearth, and Hearth's own commands beside a running server."""

import json
import os
import re
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from harness.accounts import PASSWORD, OpenServer, hearth, sign_in
from harness.environments import interpreter
from harness.programs import python
from harness.query import rows
from harness.server import Server, clean_environment

PROGRAM = '''
import logfire
logfire.configure(service_name='from-the-cli', console=False)
logfire.info('configured by projects use')
logfire.force_flush()
logfire.shutdown()
'''


class Logfire:
    """The `logfire` command of one version, with a home folder of its own."""

    def __init__(self, version: str, server: Server, folder: Path):
        self.version = version
        self.server = server
        self.home = folder / 'home'
        self.work = folder / 'work'
        self.home.mkdir(parents=True)
        self.work.mkdir()
        self.program = str(Path(interpreter(f'logfire-{version}')).parent / 'logfire')

    @property
    def environment(self) -> dict[str, str]:
        # BROWSER: what would open the page does nothing.
        return clean_environment() | {'HOME': str(self.home), 'BROWSER': 'true'}

    def start(self, *arguments: str) -> 'subprocess.Popen[str]':
        return subprocess.Popen(
            [self.program, '--base-url', self.server.url, *arguments], cwd=self.work, env=self.environment | {'PYTHONUNBUFFERED': '1'},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )

    def run(self, *arguments: str, code: int = 0, answers: str = '') -> str:
        """Runs a command to its end; both of its outputs."""
        running = self.start(*arguments)
        output, _ = running.communicate(answers, timeout=60)
        assert running.returncode == code, f'logfire {" ".join(arguments)}: exit code {running.returncode}\n{output}'
        return output

    def sign_in(self, browser: httpx.Client, decision: str, code: int = 0) -> str:
        """`logfire auth`, and what the person does on the consent page meanwhile."""
        running = self.start('auth')
        assert running.stdin and running.stdout
        running.stdin.write('\n')
        running.stdin.flush()
        output = ''
        while not (found := re.search(r'/device/(\w+)', output)):
            line = running.stdout.readline()
            assert line, f'no address to consent at:\n{output}'
            output += line
        page = f'/ui/device/{found.group(1)}'
        asked = browser.get(page).json()
        assert asked['machine_name'] == os.uname().nodename and asked['address'] == '127.0.0.1' and asked['status'] == 'pending'
        assert browser.post(page, json={'decision': decision}).status_code == 200
        assert browser.post(page, json={'decision': 'approve'}).status_code in (404, 409), 'a code is decided once'
        rest, _ = running.communicate(timeout=60)
        assert running.returncode == code, output + rest
        return output + rest


@pytest.fixture(params=['5.4', '4.30'])
def logfire(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Logfire:
    return Logfire(request.param, server, tmp_path / 'client')


def test_the_logfire_command(logfire: Logfire) -> None:
    server = logfire.server
    assert 'Successfully authenticated' in logfire.sign_in(server.http, 'approve')
    assert 'local owner' in logfire.run('whoami', code=1), 'signed in, no project yet'
    old = logfire.version == '4.30'
    logfire.run('projects', 'new', 'shop', '--org', 'local', answers='y\n' * 3)
    whoami = logfire.run('whoami')
    assert 'local owner' in whoami and f'{server.url}/local/shop' in whoami
    listed = logfire.run('projects', 'list')
    assert 'default' in listed and 'shop' in listed
    logfire.run('projects', 'new', 'spare', '--org', 'local', answers='y\n' * 3)
    logfire.run('projects', 'use', 'shop', '--org', 'local', answers='y\n' * 3)
    credentials = json.loads((logfire.work / '.logfire' / 'logfire_credentials.json').read_text())
    assert credentials['project_url'] == f'{server.url}/local/shop' and credentials['logfire_api_url'] == server.url

    (logfire.work / 'program.py').write_text(PROGRAM)
    ended = subprocess.run(
        [interpreter(f'logfire-{logfire.version}'), 'program.py'], cwd=logfire.work, env=logfire.environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    read = re.search(r'pylf_v1_local_\w+', logfire.run('read-tokens', '--project', 'local/shop', 'create'))
    assert read
    answer = server.http.post(
        '/v2/query', headers={'Authorization': read.group()},
        json={'sql': 'SELECT service_name, message FROM records', 'min_timestamp': '2020-01-01T00:00:00Z'},
    )
    assert answer.json()['data'] == [{'service_name': 'from-the-cli', 'message': 'configured by projects use'}]
    assert rows(server, 'SELECT message FROM records') == [], 'nothing of it is in local/default'
    if not old:
        logfire.run('read-tokens', '--project', 'local/shop', 'create', '--save')
        saved = logfire.work / '.logfire' / 'read_token.json'
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        status = json.loads(logfire.run('projects', 'status', '--json').splitlines()[-1])
        assert [service['service_name'] for service in status['services']] == ['from-the-cli']
        assert json.loads(logfire.run('projects', 'list', '--json').splitlines()[-1])[0]['organization_name'] == 'local'


def test_names_that_are_taken_or_refused(logfire: Logfire) -> None:
    logfire.sign_in(logfire.server.http, 'approve')
    # The client asks for another name and shows the server's reason; the second answer is accepted.
    output = logfire.run('projects', 'new', 'default', '--org', 'local', answers='y\nsecond\ny\n')
    assert (logfire.work / '.logfire' / 'logfire_credentials.json').exists(), output
    assert 'local/second' in output


def test_denied_consent_ends_the_command(logfire: Logfire) -> None:
    assert 'denied' in logfire.sign_in(logfire.server.http, 'deny', code=1)
    assert not (logfire.home / '.logfire' / 'default.toml').exists() or 'token' not in (logfire.home / '.logfire' / 'default.toml').read_text()


@pytest.fixture
def open_server(data: Path) -> Iterator[OpenServer]:
    with OpenServer(data) as server:
        yield server


def until(holds: object, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, f'not so within {seconds} s'
        time.sleep(0.05)


def test_hearth_commands_beside_a_headless_server(open_server: OpenServer, tmp_path: Path) -> None:
    server, data = open_server, open_server.data
    hearth(data, 'users', 'create', 'ada@example.com', '--role', 'owner', '--password-stdin', stdin=PASSWORD + '\n')
    until(lambda: not server.http.get('/ui/session').json()['needs_setup'])
    owner = sign_in(server, 'ada@example.com')

    assert 'Created local/shop' in hearth(data, 'projects', 'create', 'shop')
    assert 'already has a project shop' in hearth(data, 'projects', 'create', 'shop', code=1)
    made = json.loads(hearth(data, 'tokens', 'create', '--project', 'local/shop', '--description', 'checkout', '--expires', '30d', '--json'))
    token = made['token']

    def info() -> int:
        return server.http.get('/v1/info', headers={'Authorization': token}).status_code

    until(lambda: info() == 200)
    environment = {'LOGFIRE_TOKEN': token, 'LOGFIRE_BASE_URL': server.url, 'HOME': str(tmp_path)}
    (tmp_path / 'program.py').write_text(PROGRAM)
    python(str(tmp_path / 'program.py'), environment=environment, executable=interpreter('logfire-5.4'))
    listed = json.loads(hearth(data, 'tokens', 'list', '--project', 'local/shop', '--json'))
    assert [(item['kind'], item['description'], item['project_name'], 'token' in item) for item in listed] == [('write', 'checkout', 'shop', False)]
    key = hearth(data, 'tokens', 'create', '--kind', 'api-key', '--role', 'viewer').strip()
    until(lambda: server.http.get('/api/v1/projects/', headers={'Authorization': key}).status_code == 200)
    assert server.http.post('/api/v1/projects/', headers={'Authorization': key}, json={'project_name': 'more'}).status_code == 403
    answer = server.http.post(
        '/v2/query', headers={'Authorization': key, 'X-Hearth-Project': 'local/shop'},
        json={'sql': 'SELECT message FROM records', 'min_timestamp': '2020-01-01T00:00:00Z'},
    )
    assert answer.json()['data'] == [{'message': 'configured by projects use'}]

    assert 'local/store' in hearth(data, 'projects', 'rename', 'local/shop', 'store')
    until(lambda: server.http.get('/v1/info', headers={'Authorization': token}).json()['project_name'] == 'store')
    assert 'local/store' in hearth(data, 'projects', 'list')
    hearth(data, 'tokens', 'revoke', made['id'][:8])
    until(lambda: info() == 401)
    assert 'there is no token' in hearth(data, 'tokens', 'revoke', made['id'], code=1)

    link = json.loads(hearth(data, 'users', 'create', 'bo@example.com', '--role', 'viewer', '--url', server.url, '--json'))['password_link']
    browser = server.browser()
    until(lambda: browser.get(link.replace('/invite/', '/ui/password-links/')).status_code == 200)
    assert browser.post(link.replace('/invite/', '/ui/password-links/'), json={'password': PASSWORD}).json()['projects'][0]['role'] == 'viewer'
    hearth(data, 'users', 'set-role', 'bo@example.com', 'member')
    until(lambda: browser.get('/ui/config').json()['role'] == 'member')
    hearth(data, 'users', 'reset-password', 'bo@example.com', '--password-stdin', stdin='another long password\n')
    until(lambda: browser.get('/ui/config').status_code == 401)
    assert 'bo@example.com' in hearth(data, 'users', 'list')
    hearth(data, 'users', 'remove', 'bo@example.com')
    until(lambda: browser.post('/ui/session', json={'email': 'bo@example.com', 'password': 'another long password'}).status_code == 401)
    assert 'without an owner' in hearth(data, 'users', 'set-role', 'ada@example.com', 'viewer', code=1)
    assert '--yes' in hearth(data, 'projects', 'delete', 'local/store', code=1)
    hearth(data, 'projects', 'delete', 'local/store', '--yes')
    until(lambda: [item['project_name'] for item in owner.get('/api/v1/projects/').json()] == ['default'])


def test_hearth_commands_without_a_server(data: Path) -> None:
    assert 'start the server once' in hearth(data, 'tokens', 'list', code=1)
    with Server(data):
        pass
    token = hearth(data, 'tokens', 'create').strip()
    with OpenServer(data) as server:
        assert server.http.get('/v1/info', headers={'Authorization': token}).json()['project_name'] == 'default'


def test_login_can_be_required_on_loopback(server_with: object) -> None:
    server = server_with('--require-login')  # type: ignore[operator]
    assert server.http.get('/v1/info').status_code == 401
    assert server.http.get('/ui/session').json()['login_required']
    assert '/setup?code=' in server.output()


def test_the_native_logfire_command_with_an_api_key(open_server: OpenServer, tmp_path: Path) -> None:
    key = hearth(open_server.data, 'tokens', 'create', '--kind', 'api-key', '--role', 'member', '--project', 'local/default').strip()
    until(lambda: open_server.http.get('/api/v1/projects/', headers={'Authorization': key}).status_code == 200)
    program = Path(interpreter('logfire-cli')).parent / 'logfire-cli'
    environment = {'HOME': str(tmp_path), 'LOGFIRE_API_KEY': key, 'LOGFIRE_BASE_URL': open_server.url, 'LOGFIRE_CLI_BETA': 'true'}

    def run(*arguments: str) -> str:
        ended = subprocess.run(
            [str(program), '--output', 'json', '--no-input', '--yes', *arguments], cwd=tmp_path, env=clean_environment() | environment,
            capture_output=True, text=True, timeout=60,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout.strip()

    listed = json.loads(run('api', 'projects', 'list'))['data']
    assert [(item['organization_name'], item['project_name'], item['visibility']) for item in listed] == [('local', 'default', 'public')]
    run('init', 'use', '--name', 'default', '--permission', 'send')
    credentials = json.loads((tmp_path / '.logfire' / 'logfire_credentials.json').read_text())
    assert open_server.http.get('/v1/info', headers={'Authorization': credentials['token']}).json()['project_url'] == credentials['project_url']
    assert open_server.http.get('/v1/read-token-info', headers={'Authorization': run('token', 'read')}).json()['project_name'] == 'default'
