"""A fresh package that depends on the SDK without traits: what it resolves, and what its program links (acceptance F3)."""

import json
import subprocess
from pathlib import Path

from harness.query import rows as rows_of
from harness.server import Server
from harness.swift import run

ROOT = Path(__file__).resolve().parents[2]

MANIFEST = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "client",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "hearth", path: "{root}"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
    ],
    targets: [
        .executableTarget(
            name: "Client",
            dependencies: [
                .product(name: "Hearth", package: "hearth"), .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        )
    ]
)
"""

# The module `Metrics` of swift-metrics links FoundationEssentials by itself.
PROGRAM = """import CoreMetrics
import Hearth
import HearthBootstrap
import Logging
import Tracing

try Hearth.bootstrap {{ $0.serviceName = "{service}" }}
let calls = Hearth.counter("client.calls")
await Hearth.span("hello {{name}}", ["name": "client"]) {{ _ in
    calls.add(1)
    await withSpan("theirs") {{ _ in Logger(label: "shop").notice("logged", metadata: ["n": "1"]) }}
    Counter(label: "client.metrics").increment(by: 2)
}}
"""

PACKAGES = {'swift-distributed-tracing', 'swift-log', 'swift-metrics'}


def identities(node: dict) -> set[str]:
    return {node['identity']} | {name for child in node['dependencies'] for name in identities(child)}


def swift(folder: Path, *arguments: str) -> str:
    command = ['swift', *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=1200).stdout


def test_F3_a_client_without_traits_is_small(shared_server: Server, tmp_path: Path) -> None:
    (tmp_path / 'Sources' / 'Client').mkdir(parents=True)
    (tmp_path / 'Package.swift').write_text(MANIFEST.format(root=ROOT))
    (tmp_path / 'Sources' / 'Client' / 'main.swift').write_text(PROGRAM.format(service='swift-client'))

    swift(tmp_path, 'package', 'resolve')
    pins = json.loads((tmp_path / 'Package.resolved').read_text())['pins']
    assert {pin['identity'] for pin in pins} == PACKAGES
    # Nor is anything else fetched to find that out.
    assert {path.name for path in (tmp_path / '.build' / 'checkouts').iterdir()} == PACKAGES
    tree = json.loads(swift(tmp_path, 'package', 'show-dependencies', '--format', 'json'))
    # The SDK's own identity is the name of the folder it lies in.
    assert len(identities(tree) - {tree['identity']} - PACKAGES) == 1

    swift(tmp_path, 'build')
    program = Path(swift(tmp_path, 'build', '--show-bin-path').strip()) / 'Client'
    libraries = subprocess.run(['ldd', str(program)], check=True, capture_output=True, text=True).stdout
    assert 'libswiftCore' in libraries
    assert 'Foundation' not in libraries
    assert 'icu' not in libraries.lower()

    run(program, shared_server, folder=tmp_path)
    rows = rows_of(
        shared_server,
        "SELECT message, otel_scope_name, level, span_id, parent_span_id FROM records WHERE service_name = 'swift-client' ORDER BY start_timestamp"
    )
    outer, theirs, logged = rows
    assert [row['message'] for row in rows] == ['hello client', 'theirs', 'logged']
    assert theirs['parent_span_id'] == outer['span_id'] and logged['parent_span_id'] == theirs['span_id']
    assert logged['otel_scope_name'] == 'shop' and logged['level'] == 10
    metrics = rows_of(shared_server, "SELECT metric_name, scalar_value FROM metrics WHERE service_name = 'swift-client'")
    assert {row['metric_name']: row['scalar_value'] for row in metrics} == {'client.calls': 1, 'client.metrics': 2}
