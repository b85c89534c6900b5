"""Cut, flipped, zeroed and missing files: the server starts, says what is missing, and answers everything else."""

import shutil
import time
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.command import hearth
from harness.ledger import INPUT, OUTPUT, Ledger, Parcel, stored
from harness.process import SOON, is_settled, resident_bytes, warnings
from harness.query import EARLIEST, post_query, rows
from harness.senders import resend
from harness.server import Server

HEALTHY_DAY, DAMAGED_DAY = 1, 3
MEMORY_LIMIT = 900_000_000
KEEP_HOT = ('--storage-rotation-bytes', str(1 << 30), '--storage-idle-seconds', '3600')


@dataclass
class Original:
    """A data folder with sealed days and rows that are still in the log, left behind by kill -9."""

    folder: Path
    ledger: Ledger

    def segment(self, kind: str, days_ago: int) -> Path:
        """The segment (`db`) or the message pages (`pages`) of a day."""
        found = sorted((self.folder / 'telemetry' / 'segments').glob(f'*/*.{kind}'))
        assert len(found) == 2, found
        return found[0] if days_ago == DAMAGED_DAY else found[1]


@pytest.fixture(scope='module')
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    made = Original(tmp_path_factory.mktemp('original') / 'data', Ledger())
    with Server(made.folder, *SOON) as server:
        for number in range(60):
            made.ledger.new((HEALTHY_DAY, DAMAGED_DAY)[number % 2 : number % 2 + 1])
        resend(server, made.ledger)
        deadline = time.monotonic() + 30
        while not is_settled(server):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    server = Server(made.folder, *KEEP_HOT).start()
    for _ in range(20):
        made.ledger.new((0,))
    resend(server, made.ledger)
    made.ledger.check(server)
    server.kill()
    return made


@pytest.fixture
def copy(original: Original, tmp_path: Path) -> Iterator[Original]:
    """A copy for one test; its ledger has the same parcels."""
    shutil.copytree(original.folder, tmp_path / 'data')
    yield Original(tmp_path / 'data', Ledger(dict(original.ledger.parcels)))
    shutil.rmtree(tmp_path / 'data', ignore_errors=True)


def flip(place: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        at = min(int(len(content) * place), len(content) - 1)
        for index in range(at, min(at + 8, len(content))):
            content[index] ^= 0xFF
        path.write_bytes(content)

    return damage


def cut(share: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return damage


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def append(path: Path) -> None:
    with path.open('ab') as file:
        file.write(b'\xde\xad\xbe\xef' * 500)


DAMAGES: dict[str, Callable[[Path], None]] = {
    'first-bytes-flipped': flip(0),
    'middle-flipped': flip(0.5),
    'last-bytes-flipped': flip(0.9999),
    'cut-in-the-middle': cut(0.5),
    'cut-by-a-little': cut(0.999),
    'empty': cut(0),
    'zeroed': zero,
    'missing': Path.unlink,
}
def damages(*, small: Set[str] = frozenset(), more: dict[str, Callable[[Path], None]] | None = None) -> list:
    return [
        pytest.param(function, id=name, marks=() if name in small else pytest.mark.faults_full)
        for name, function in (DAMAGES | (more or {})).items()
    ]


def of(ledger: Ledger, *days: int) -> list[Parcel]:
    return [item for item in ledger.parcels.values() if item.days_ago in days]


def assert_goes_on(server: Server, original: Original) -> None:
    """What was not damaged is whole, new data is taken and found, and memory stays bounded."""
    fresh = Ledger()
    for _ in range(5):
        fresh.new((0, HEALTHY_DAY))
    resend(server, fresh)
    fresh.check_bodies(server, list(fresh.parcels.values()))
    assert resident_bytes(server, 'VmHWM') < MEMORY_LIMIT


def assert_whole(server: Server, parcels: list[Parcel], where: str = 'true') -> None:
    found = stored(server, where)
    for item in parcels:
        assert found.spans.get(item.key) == found.WHOLE_SPANS, item.key
        assert found.calls.get(item.key) == found.WHOLE_CALLS, item.key


def day_window(days_ago: int) -> str:
    """A condition that only this day meets, with literals, so that other days' files need not be read."""
    day = time.time() - days_ago * 86_400
    begin = time.strftime('%Y-%m-%dT00:00:00Z', time.gmtime(day))
    end = time.strftime('%Y-%m-%dT00:00:00Z', time.gmtime(day + 86_400))
    return f"start_timestamp >= '{begin}' AND start_timestamp < '{end}'"


@pytest.mark.parametrize('damage', damages(small={'middle-flipped', 'cut-in-the-middle'}, more={'garbage-behind': append}))
def test_damaged_hot_log(damage: Callable[[Path], None], copy: Original) -> None:
    """The longest readable beginning is kept, the original is set aside, and both the log and the health report say so."""
    (log,) = (copy.folder / 'telemetry').glob('hot-*.db.wal')
    size = log.stat().st_size
    damage(log)
    for start in range(2):
        with Server(copy.folder, *KEEP_HOT) as server:
            assert_whole(server, of(copy.ledger, HEALTHY_DAY, DAMAGED_DAY))
            copy.ledger.check_bodies(server, of(copy.ledger, HEALTHY_DAY, DAMAGED_DAY))
            found = stored(server)
            hot = of(copy.ledger, 0)
            present = [item for item in hot if item.key in found.spans]
            for item in present:
                assert found.spans[item.key] == found.WHOLE_SPANS and found.calls[item.key] == found.WHOLE_CALLS
            copy.ledger.check_bodies(server, present)
            lost = len(hot) - len(present)
            print(f'start {start + 1}: {lost} of {len(hot)} parcels of the log ({size} bytes) lost')
            if start == 0 and lost:
                message = warnings(server).get('recovery', '')
                if 'set aside' in message:
                    assert 'damaged' in message and list((copy.folder / 'telemetry').glob('*damaged*')), message
                else:
                    assert log.name in message and ('has been cut' in message or 'is missing or empty' in message), warnings(server)
                    assert f'of {size} bytes are there' in message and 'records and metric points that were acknowledged are missing' in message, message
            if start == 1:
                assert 'recovery' not in warnings(server)
            # A client that sends again fills the gap, without doubles.
            if start == 0:
                assert_goes_on(server, copy)
            else:
                for item in hot:
                    item.spans_acknowledged = item.points_acknowledged = False
                resend(server, copy.ledger)
                assert_whole(server, list(copy.ledger.parcels.values()))


@pytest.mark.faults_full
def test_missing_hot_file(copy: Original) -> None:
    """The file that belongs to a log is gone: its records are said to be missing, the log is kept, and the server goes on."""
    (log,) = (copy.folder / 'telemetry').glob('hot-*.db.wal')
    log.with_suffix('').unlink()
    with Server(copy.folder, *KEEP_HOT) as server:
        message = warnings(server).get('recovery', '')
        assert log.with_suffix('').name in message and 'is missing' in message and 'set aside' in message, warnings(server)
        assert_whole(server, of(copy.ledger, HEALTHY_DAY, DAMAGED_DAY))
        for item in of(copy.ledger, 0):
            item.spans_acknowledged = item.points_acknowledged = False
        resend(server, copy.ledger)
        assert_whole(server, list(copy.ledger.parcels.values()))


@pytest.mark.parametrize('damage', damages(small={'missing'}))
def test_damaged_segment(damage: Callable[[Path], None], copy: Original) -> None:
    """The other days answer; queries that need the damaged file answer without it or say that it cannot be read."""
    segment = copy.segment('db', DAMAGED_DAY)
    damage(segment)
    with Server(copy.folder, *KEEP_HOT) as server:
        window = day_window(HEALTHY_DAY)
        assert_whole(server, of(copy.ledger, HEALTHY_DAY), window)
        assert_whole(server, of(copy.ledger, 0), day_window(0))
        copy_of_healthy = of(copy.ledger, HEALTHY_DAY)
        keys = ', '.join(f"'{item.key}'" for item in copy_of_healthy)
        assert len(rows(server, f'SELECT span_id FROM records WHERE trace_id IN ({keys}) AND {window}')) == 8 * len(copy_of_healthy)
        answer = post_query(server, 'SELECT count(*) AS n, sum(length(attributes::text)) AS size FROM records')
        told = warnings(server)
        print(f'damaged day: {answer.status_code} {answer.text[:400]}\nwarnings: {told}')
        everything = len(copy.ledger.parcels) * 8
        if answer.status_code == 200 and answer.json()['data'][0]['n'] < everything:
            assert segment.name in told.get('segments_unreadable', ''), told
        elif answer.status_code != 200:
            assert answer.status_code < 500 and answer.json()['detail'], answer.text
        assert_goes_on(server, copy)
        assert_whole(server, of(copy.ledger, HEALTHY_DAY), window)


@pytest.mark.parametrize('damage', damages(small={'middle-flipped'}))
def test_damaged_message_pages(damage: Callable[[Path], None], copy: Original) -> None:
    """Every span is there with its figures; at most the texts of messages are missing, never wrong ones."""
    pages = copy.segment('pages', DAMAGED_DAY)
    damage(pages)
    with Server(copy.folder, *KEEP_HOT) as server:
        window = day_window(HEALTHY_DAY)
        assert_whole(server, of(copy.ledger, HEALTHY_DAY), window)
        copy.ledger.check_bodies(server, of(copy.ledger, 0, HEALTHY_DAY))
        # The spans and figures of the damaged day are all there.
        assert_whole(server, of(copy.ledger, DAMAGED_DAY))
        unreadable = 0
        for item in of(copy.ledger, DAMAGED_DAY):
            sql = f"SELECT span_id, attributes->>'{INPUT}' AS input, attributes->>'{OUTPUT}' AS output FROM records WHERE trace_id = '{item.key}'"
            answer = post_query(server, sql)
            assert answer.status_code == 200, answer.text
            texts = answer.json()
            missing = 0
            for row in texts['data']:
                given, sent = (row['input'] or '', row['output'] or ''), item.texts[row['span_id']][:2]
                assert given in (sent, ('', ''))
                missing += given != sent
            unreadable += missing
            # Whoever asks is told the day, and no path of the server.
            told = ' '.join(texts.get('warnings', []))
            assert not missing or 'cannot be read' in told, texts
            assert str(copy.folder) not in answer.text
            body = {'sql': sql, 'min_timestamp': EARLIEST}
            lines = server.http.post('/v2/query', json=body, headers={'accept': 'application/x-ndjson'}).text.splitlines()
            assert not missing or 'warnings' in lines[-1], lines
        told = warnings(server)
        print(f'{unreadable} spans of {len(of(copy.ledger, DAMAGED_DAY))} parcels without texts; warnings: {told}')
        if unreadable:
            assert pages.name in told.get('messages_unreadable', ''), told
        answer = post_query(server, "SELECT count(*) AS n FROM records WHERE attributes->>'gen_ai.input.messages' LIKE '%漢字%'")
        assert answer.status_code == 200, answer.text
        assert_goes_on(server, copy)


SEALING = [
    pytest.param(kind, name, id=f'{kind}-{name}', marks=() if name == 'missing' else pytest.mark.faults_full)
    for kind in ('db', 'pages')
    for name in ('missing', 'empty', 'cut-in-the-middle', 'first-bytes-flipped')
]


@pytest.mark.parametrize(('kind', 'name'), SEALING)
def test_a_damaged_day_is_sealed_again(kind: str, name: str, copy: Original) -> None:
    """New records of a day whose files are damaged are put away like others; what is damaged is set aside and said."""
    damaged = copy.segment(kind, DAMAGED_DAY)
    DAMAGES[name](damaged)
    fresh = Ledger()
    with Server(copy.folder, *SOON) as server:
        for _ in range(5):
            fresh.new((DAMAGED_DAY,))
        resend(server, fresh)
        deadline = time.monotonic() + 30
        while not is_settled(server):
            assert time.monotonic() < deadline, server.output()[-3000:]
            time.sleep(0.1)
        assert len(list((copy.folder / 'telemetry').glob('hot-*.db'))) == 1
        told = warnings(server)
        if kind == 'db' or name in ('missing', 'empty', 'cut-in-the-middle'):
            said = told.get('segments_unreadable', '') if kind == 'db' else told.get('messages_unreadable', '')
            assert 'set aside' in said or name == 'missing', told
            assert said, told
    for _ in range(2):
        with Server(copy.folder, *SOON) as server:
            assert_whole(server, list(fresh.parcels.values()))
            fresh.check_bodies(server, list(fresh.parcels.values()))
            assert_whole(server, of(copy.ledger, HEALTHY_DAY, 0))
            copy.ledger.check_bodies(server, of(copy.ledger, HEALTHY_DAY, 0))
            if kind == 'pages':
                assert_whole(server, of(copy.ledger, DAMAGED_DAY))


@pytest.mark.parametrize('damage', damages())
def test_damaged_catalog_log(damage: Callable[[Path], None], copy: Original) -> None:
    log = copy.folder / 'telemetry' / 'catalog.db.wal'
    if not log.exists():
        log.write_bytes(b'\x00garbage' * 64)
    damage(log)
    with Server(copy.folder, *KEEP_HOT) as server:
        print(f'warnings: {warnings(server)}')
        copy.ledger.check(server)
        assert_goes_on(server, copy)


@pytest.mark.faults_full
@pytest.mark.parametrize('damage', damages())
def test_damaged_catalog_says_what_to_do(damage: Callable[[Path], None], copy: Original) -> None:
    """Without the catalog the start is refused with the file and the remedy; then, or when the damage hit nothing, all is there."""
    catalog = copy.folder / 'telemetry' / 'catalog.db'
    damage(catalog)
    server = Server(copy.folder, *KEEP_HOT)
    try:
        server.start()
    except AssertionError:
        said = server.output()
        print(said)
        assert str(copy.folder / 'telemetry') in said and 'hearth doctor --repair' in said, said
        assert len(said.splitlines()) == 1, said
        hearth('doctor', '--data', str(copy.folder), '--repair')
        server.start()
    try:
        copy.ledger.check(server)
        assert_goes_on(server, copy)
    finally:
        server.kill()
