"""TLS on both ports."""

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GRPCSpanExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPSpanExporter

from harness.otlp import PROTOBUF, span, traces
from harness.server import PROGRAM, Server, clean_environment
from harness.transports import send_span, stored, unique

# TLS


@dataclass(frozen=True)
class Certificate:
    certificate: Path
    key: Path


def make_certificate(folder: Path, name: str, days: int = 2) -> Certificate:
    made = Certificate(folder / f'{name}.pem', folder / f'{name}.key')
    subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', str(days), '-subj', '/CN=localhost', '-addext',
         'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', str(made.key), '-out', str(made.certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


@pytest.fixture(scope='module')
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    if shutil.which('openssl') is None:
        pytest.skip('openssl is not installed')
    return make_certificate(tmp_path_factory.mktemp('tls'), 'server')


def test_tls_on_both_ports(certificate: Certificate, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'):  # they would win over the certificate that the exporter is given
        monkeypatch.delenv(name, raising=False)
    trusted = ssl.create_default_context(cafile=str(certificate.certificate))
    arguments = ('--tls-cert', str(certificate.certificate), '--tls-key', str(certificate.key))
    with Server(data, *arguments, verify=trusted) as server:
        assert server.url.startswith('https://')
        names = {kind: unique(kind) for kind in ('h1', 'h2', 'http', 'grpc')}
        for kind, version in (('h1', 'HTTP/1.1'), ('h2', 'HTTP/2')):
            with httpx.Client(base_url=server.url, http2=kind == 'h2', verify=trusted, trust_env=False) as client:
                response = client.post('/v1/traces', content=traces([span(names[kind])]).SerializeToString(), headers=PROTOBUF)
                assert (response.status_code, response.http_version) == (200, version)
                assert client.get('/v1/info').json()['project_url'].startswith('https://')
                assert client.get('/healthz', headers={'host': 'evil.example'}).status_code == 403
        send_span(HTTPSpanExporter(endpoint=f'{server.url}/v1/traces', certificate_file=str(certificate.certificate)), names['http'])
        credentials = grpc.ssl_channel_credentials(certificate.certificate.read_bytes())
        send_span(GRPCSpanExporter(endpoint=server.grpc, credentials=credentials, timeout=20), names['grpc'])
        for name in names.values():
            assert stored(server, name) == 1
        with pytest.raises(httpx.HTTPError):
            httpx.get(server.url.replace('https:', 'http:') + '/healthz', trust_env=False)


def test_unusable_certificates_are_named(certificate: Certificate, tmp_path: Path) -> None:
    other = make_certificate(tmp_path, 'other')
    nonsense = tmp_path / 'nonsense.pem'
    nonsense.write_text('nonsense')
    cases = [
        ([str(tmp_path / 'missing.pem'), str(certificate.key)], '--tls-cert', 'missing.pem'),
        ([str(nonsense), str(certificate.key)], '--tls-cert', 'nonsense.pem'),
        ([str(certificate.certificate), str(nonsense)], '--tls-key', 'nonsense.pem'),
        ([str(certificate.certificate), str(other.key)], '--tls-key', 'does not belong'),
        ([str(certificate.certificate), ''], '--tls-key', 'belong together'),
    ]
    for (cert, key), *needed in cases:
        arguments = ['--tls-cert', cert, *(['--tls-key', key] if key else [])]
        command = [str(PROGRAM), 'serve', '--data', str(tmp_path / 'data'), '--http', '127.0.0.1:0', '--grpc', 'off', *arguments]
        ended = subprocess.run(command, env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
        assert ended.returncode > 0
        assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
        for word in needed:
            assert word in ended.stderr, ended.stderr


AUTHORITY = """
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def make_expired(folder: Path) -> Certificate:
    """A certificate that ended in 2020."""
    (folder / 'ca.cnf').write_text(AUTHORITY)
    (folder / 'index.txt').write_text('')
    (folder / 'serial').write_text('01')
    request = ['openssl', 'req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', 'expired.key', '-out', 'expired.csr']
    sign = ['openssl', 'ca', '-batch', '-selfsign', '-config', 'ca.cnf', '-keyfile', 'expired.key', '-in', 'expired.csr', '-out', 'expired.pem']
    for command in (request, [*sign, '-startdate', '20200101000000Z', '-enddate', '20200201000000Z', '-notext']):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return Certificate(folder / 'expired.pem', folder / 'expired.key')


@pytest.mark.skipif(shutil.which('openssl') is None, reason='openssl is not installed')
def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    expired = make_expired(tmp_path)
    command = [str(PROGRAM), 'serve', '--data', str(tmp_path / 'data'), '--http', '127.0.0.1:0', '--grpc', 'off']
    command += ['--tls-cert', str(expired.certificate), '--tls-key', str(expired.key)]
    ended = subprocess.run(command, env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    assert ended.returncode > 0
    assert 'expired on 2020-' in ended.stderr
