"""`hearth backup`, `hearth restore` and `hearth doctor` (D4)."""

import json
import shutil
import tarfile
import threading
import time
from pathlib import Path

import pytest

from harness.command import hearth, on
from harness.fixtures import requests
from harness.otlp import send, span, traces
from harness.query import rows, value
from harness.server import Server

ANSWERS = {
    'records': 'SELECT * FROM records ORDER BY ALL',
    'llm_calls': 'SELECT * FROM llm_calls ORDER BY ALL',
    'metrics': 'SELECT * EXCLUDE (value) FROM metrics ORDER BY ALL',
    'agent_runs': 'SELECT * FROM agent_runs ORDER BY ALL',
}


def answers(server: Server) -> dict[str, list[dict]]:
    return {name: rows(server, sql) for name, sql in ANSWERS.items()}


@pytest.mark.parametrize('kind', ['folder', 'archive'])
def test_a_restored_backup_gives_the_same_answers(server: Server, tmp_path: Path, kind: str) -> None:
    for request in requests('multi-agent'):
        request.send(server)
    project = server.http.post('/api/v1/projects', json={'project_name': 'second', 'organization_name': 'local'})
    assert project.status_code == 201, project.text
    before = answers(server)
    target = tmp_path / ('copy.tar' if kind == 'archive' else 'copy')
    assert str(target) in hearth('backup', '--to', str(target), *on(server)).stdout
    # What comes later is not in it.
    send(server, traces([span('later')]))
    if kind == 'archive':
        assert {'control.sqlite', 'telemetry/catalog.db', 'backup.json'} <= set(tarfile.open(target).getnames())
    hearth('restore', str(target), '--data', str(tmp_path / 'restored'))
    assert not (tmp_path / 'restored' / 'backup.json').exists()
    with Server(tmp_path / 'restored') as restored:
        assert answers(restored) == before
        names = {item['project_name'] for item in restored.http.get('/api/v1/projects').json()}
        assert {'default', 'second'} <= names
        # Known rows are known.
        for request in requests('multi-agent'):
            request.send(restored)
        assert answers(restored) == before


def test_a_backup_under_load_has_what_was_acknowledged(server: Server, tmp_path: Path) -> None:
    stop = threading.Event()
    acknowledged: list[str] = []

    def load() -> None:
        number = 0
        while not stop.is_set():
            names = [f'{number} {k}' for k in range(50)]
            send(server, traces([span(name, values={'text': 'word ' * 50}) for name in names]))
            acknowledged.extend(names)
            number += 1

    sender = threading.Thread(target=load)
    sender.start()
    try:
        time.sleep(1)
        for number in range(3):
            sure = list(acknowledged)
            hearth('backup', '--to', str(tmp_path / f'{number}.tar'), *on(server))
            hearth('restore', str(tmp_path / f'{number}.tar'), '--data', str(tmp_path / f'restored-{number}'))
            with Server(tmp_path / f'restored-{number}') as restored:
                assert value(restored, 'SELECT count(*) AS n FROM records') >= len(sure)
                assert value(restored, 'SELECT count(*) - count(DISTINCT span_id) AS n FROM records') == 0
                newest = sure[-1]
                assert value(restored, f"SELECT count(*) AS n FROM records WHERE span_name = '{newest}'") == 1
    finally:
        stop.set()
        sender.join()


def test_incomplete_archives_and_full_folders_are_refused(server: Server, tmp_path: Path) -> None:
    send(server, traces([span()]))
    archive = tmp_path / 'copy.tar'
    hearth('backup', '--to', str(archive), *on(server))
    assert 'exists already' in hearth('backup', '--to', str(archive), *on(server), status=74).stderr
    cut = tmp_path / 'cut.tar'
    cut.write_bytes(archive.read_bytes()[:-4096])
    assert 'not complete' in hearth('restore', str(cut), '--data', str(tmp_path / 'a'), status=65).stderr
    assert not (tmp_path / 'a').exists()
    (tmp_path / 'b').mkdir()
    (tmp_path / 'b' / 'mine').write_text('keep')
    assert 'not empty' in hearth('restore', str(archive), '--data', str(tmp_path / 'b'), status=65).stderr
    hearth('restore', str(archive), '--data', str(tmp_path / 'b'), '--force')
    assert (tmp_path / 'b.before-restore-1' / 'mine').read_text() == 'keep'


def test_backup_needs_an_owner(server_with, tmp_path: Path) -> None:
    server = server_with('--require-login')
    hearth('backup', '--to', str(tmp_path / 'copy'), *on(server), status=77)
    assert not (tmp_path / 'copy').exists() and not (tmp_path / 'copy.partial').exists()


def stopped(server: Server, tmp_path: Path) -> Path:
    """The data folder of a server that was killed behind 200 acknowledged spans."""
    for number in range(20):
        send(server, traces([span(f'{number} {k}') for k in range(10)]))
    server.kill()
    return server.data


def doctor(data: Path, *arguments: str, status: int = 0) -> list[dict]:
    return json.loads(hearth('doctor', '--data', str(data), '--json', *arguments, status=status).stdout)


def test_D4_doctor_names_file_loss_and_repair(data: Path, tmp_path: Path) -> None:
    folder = stopped(Server(data).start(), tmp_path)
    assert doctor(folder) == []
    assert 'whole' in hearth('doctor', '--data', str(folder)).stdout
    log = next((folder / 'telemetry').glob('hot-*.db.wal'))
    damaged = bytearray(log.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    log.write_bytes(damaged)
    (found,) = doctor(folder, status=1)
    assert found['file'] == f'telemetry/{log.name}'
    assert found['rows_lost'] > 0 and 'lost' in found and found['repair'] and not found['is_repaired']
    assert log.read_bytes() == damaged
    assert '--repair' in hearth('doctor', '--data', str(folder), status=1).stdout
    (repaired,) = doctor(folder, '--repair')
    assert repaired['is_repaired']
    assert doctor(folder) == []
    with Server(folder) as server:
        kept = value(server, 'SELECT count(*) AS n FROM records')
        assert 0 < kept < 200 and kept % 10 == 0


def test_D4_doctor_and_the_control_database(data: Path, tmp_path: Path) -> None:
    folder = stopped(Server(data).start(), tmp_path)
    for leftover in ('control.sqlite-wal', 'control.sqlite-shm'):
        (folder / leftover).unlink(missing_ok=True)
    (folder / 'control.sqlite').write_bytes(b'nothing that SQLite knows' * 1000)
    (found,) = doctor(folder, status=1)
    assert found['file'] == 'control.sqlite'
    doctor(folder, '--repair')
    assert (folder / 'control.sqlite.damaged-1').exists()
    with Server(folder) as server:
        assert value(server, 'SELECT count(*) AS n FROM records') == 200


def test_doctor_leaves_a_running_server_alone(server: Server, tmp_path: Path) -> None:
    assert 'stop it' in hearth('doctor', '--data', str(server.data), status=73).stderr
    assert 'there is no' in hearth('doctor', '--data', str(tmp_path / 'nowhere'), status=73).stderr
    shutil.rmtree(tmp_path / 'nowhere', ignore_errors=True)
