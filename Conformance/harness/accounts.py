"""A server that is not bound to loopback, and people and tokens on it."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from .server import PROGRAM, Server, clean_environment

SETUP = re.compile(r'http://\S+/setup\?code=(\w+)')
PASSWORD = 'a long enough password'


class OpenServer(Server):
    """Bound to every address, so that each request needs a token or a login; reached through loopback."""

    def command(self) -> list[str]:
        return [str(PROGRAM), 'serve', '--data', str(self.data), '--http', '0.0.0.0:0', '--grpc', '127.0.0.1:0', *self.arguments]

    def launch(self) -> None:
        super().launch()
        self.url = self.url.replace('0.0.0.0', '127.0.0.1')
        assert self.client
        self.client.close()
        self.client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    def setup_codes(self) -> list[str]:
        return SETUP.findall(self.output())

    def browser(self) -> httpx.Client:
        """A client that keeps its own cookies."""
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False)


def sign_in(server: Server, email: str, password: str = PASSWORD) -> httpx.Client:
    client = httpx.Client(base_url=server.url, timeout=60, trust_env=False)
    answer = client.post('/ui/session', json={'email': email, 'password': password})
    assert answer.status_code == 200, answer.text
    return client


@dataclass
class Cast:
    """One of each who may send requests: headers by the title of the column in Docs/accounts.md."""

    server: OpenServer
    owner: httpx.Client
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    project: str = ''

    @staticmethod
    def on(server: OpenServer) -> 'Cast':
        owner = server.browser()
        answer = owner.post('/ui/setup', json={'code': server.setup_codes()[0], 'email': 'ada@example.com', 'name': 'Ada', 'password': PASSWORD})
        assert answer.status_code == 200, answer.text
        cast = Cast(server, owner, project=answer.json()['projects'][0]['id'])
        people = {'owner': owner}
        for role in ('viewer', 'member'):
            invited = owner.post('/api/v1/members/', json={'email': f'{role}@example.com', 'role': role})
            assert invited.status_code == 201, invited.text
            code = invited.json()['password_link'].rsplit('/', 1)[1]
            people[role] = server.browser()
            chosen = people[role].post(f'/ui/password-links/{code}', json={'password': PASSWORD})
            assert chosen.status_code == 200, chosen.text
        cast.headers['no login'] = {}
        for kind in ('write', 'read'):
            cast.headers[f'{kind} token'] = cast.bearer(cast.make(f'/api/v1/projects/{cast.project}/{kind}-tokens/'))
        for role, person in people.items():
            cast.headers[f'API key {role}'] = cast.bearer(cast.make('/api/v1/api-keys/', role=role))
            cast.headers[f'user {role}'] = {'Cookie': f'hearth_session={person.cookies["hearth_session"]}'}
        return cast

    def make(self, path: str, **body: Any) -> str:
        answer = self.owner.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()['token']

    @staticmethod
    def bearer(token: str) -> dict[str, str]:
        return {'Authorization': f'Bearer {token}'}

    def ask(self, who: str, method: str, path: str, **options: Any) -> httpx.Response:
        """A request of one of the cast, without anybody's cookie jar."""
        headers = self.headers[who] | {'X-Hearth-Project': 'local/default'} | options.pop('headers', {})
        return httpx.request(method, self.server.url + path, headers=headers, trust_env=False, timeout=60, **options)


def hearth(data: Path, *arguments: str, stdin: str | None = None, code: int = 0) -> str:
    """Runs a command of the program on a data folder; what it printed."""
    ended = subprocess.run(
        [str(PROGRAM), *arguments, '--data', str(data)], env=clean_environment(), input=stdin or '', capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == code, f'exit code {ended.returncode}\n{ended.stdout}\n{ended.stderr}'
    return ended.stdout if code == 0 else ended.stderr
