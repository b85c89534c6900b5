"""Costs of model calls against the Python package the price data comes from (C1)."""

import json
import random
import subprocess
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from genai_prices.data_units import unit_data

from harness.fixtures import SCENARIOS, requests
from harness.otlp import send, span, traces
from harness.query import rows
from harness.server import PROGRAM, Server, clean_environment

CASES = 4_000
CALLS = """
SELECT provider, model, response_model, start_timestamp, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
       cost, input_cost, output_cost, cost_source, cost_note, price_version, is_error,
       coalesce(attributes->>'operation.cost', attributes->>'llm.cost.total', attributes->>'gen_ai.usage.cost') AS sent, attributes->>'server.address' AS address,
       coalesce(attributes->>'openai.response.service_tier', attributes->>'gen_ai.openai.response.service_tier',
                attributes->>'anthropic.response.service_tier') AS service_tier
FROM llm_calls
"""
COUNTS = {
    'input_tokens': 'input_tokens', 'output_tokens': 'output_tokens', 'cache_read_tokens': 'cache_read_tokens',
    'cache_write_tokens': 'cache_write_tokens', 'reasoning_tokens': 'output_reasoning_tokens',
}  # fmt: skip


def hearth(*arguments: str, status: int = 0, text: str | None = None) -> str:
    done = subprocess.run(
        [str(PROGRAM), 'prices', *arguments], input=text, capture_output=True, text=True, env=clean_environment(), timeout=120, check=False
    )
    assert done.returncode == status, f'exit code {done.returncode}: {done.stdout}{done.stderr}'
    return done.stdout if status == 0 else done.stderr


def by_package(case: dict[str, Any]) -> dict[str, Any]:
    """The package's answer in the form of `hearth prices calculate`."""
    usage = {key: Decimal(value) if isinstance(value, str) else value for key, value in case['usage'].items()}
    try:
        price = calc_price(
            Usage(**usage),
            case['model'],
            provider_id=case['provider'],
            provider_api_url=case['api_url'],
            genai_request_timestamp=datetime.fromisoformat(case['timestamp']),
            price_context=case['context'] or None,
        )
    except LookupError:
        return {'error': 'lookup'}
    except ValueError:
        return {'error': 'usage'}
    return {
        'provider': price.provider.id,
        'model': price.model.id,
        'input_price': price.input_price,
        'output_price': price.output_price,
        'total_price': price.total_price,
    }


def cases(seed: int) -> list[dict[str, Any]]:
    """Calls of every provider and many spellings, with counts that often contradict each other."""
    chance = random.Random(seed)
    providers = get_snapshot().providers
    names = [provider.id for provider in providers] + ['Azure-OpenAI', ' xAI', 'google-gla', 'aws.bedrock', 'litellm', 'nobody', '', 'mistral_ai', 'gcp.gemini']
    urls = [provider.api_pattern.split('(')[0].replace('\\', '') for provider in providers]
    urls += ['https://api.openai.com/v1/chat/completions', 'https://eu.googleapis.com/', 'http://127.0.0.1:4000', 'https://router.huggingface.co/groq']
    units = [key for key in unit_data if key != 'requests']
    common = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cache_write_1h_tokens', 'output_reasoning_tokens', 'web_searches']
    contexts = [('processing', 'batch'), ('service_tier', 'flex'), ('service_tier', 'priority'), ('service_tier', 'default'), ('speed', 'fast'), ('route', 'x')]

    def model_name(provider: Any) -> str:
        model = chance.choice(provider.models)
        name = model.id
        if clauses := [part for part in json.dumps(plain(model.match)).split('"') if len(part) > 5 and '^' not in part]:
            name = chance.choice([name, chance.choice(clauses)])
        if chance.random() < 0.6:
            return name
        return chance.choice([name.upper(), f'{name}-latest', f'us.{name}', f'{name}-20251211', f'{name}:free', f'{provider.id}/{name}', name.split('/')[-1]])

    def count(unit: str) -> Any:
        top = 400_000 if unit in ('input_tokens', 'input_characters') else 20_000
        value = chance.choice([0, chance.randrange(top), chance.randrange(1_000), 200_000, 200_001, 128_000])
        return chance.choice([value, value, value, f'{value}.{chance.randrange(1000)}', float(value) + 0.25])

    def consistent() -> dict[str, Any]:
        """Counts whose parts fit into the whole."""
        usage: dict[str, Any] = {'input_tokens': chance.choice([50_000, 128_000, 128_001, 200_000, 200_001, 500_000]), 'output_tokens': chance.randrange(9_000, 20_000)}
        parts = {'cache_read_tokens': 20_000, 'cache_write_tokens': 20_000, 'output_reasoning_tokens': 9_000, 'web_searches': 20}
        usage |= {unit: chance.randrange(top) for unit, top in parts.items() if chance.random() < 0.5}
        if 'cache_write_tokens' in usage and chance.random() < 0.5:
            usage['cache_write_1h_tokens'] = chance.randrange(usage['cache_write_tokens'] + 1)
        return usage

    found = []
    for _ in range(CASES):
        provider = chance.choice(providers)
        if chance.random() < 0.7:
            usage = consistent()
        else:
            usage = {unit: count(unit) for unit in common if chance.random() < 0.6}
            usage |= {unit: count(unit) for unit in chance.sample(units, chance.choice([0, 1, 3]))}
        time = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(3 * 365 * 86_400))
        given = chance.choice(['provider', 'provider', 'provider', 'api_url', 'neither', 'other'])
        found.append(
            {
                'model': model_name(provider),
                'provider': {'provider': provider.id, 'other': chance.choice(names)}.get(given),
                'api_url': chance.choice([urls[providers.index(provider)], chance.choice(urls)]) if given == 'api_url' else None,
                'usage': usage,
                'timestamp': time.isoformat(),
                'context': dict(chance.sample(contexts, chance.choice([0, 0, 0, 1, 2]))),
            }
        )
    return found


def plain(clause: Any) -> Any:
    """A match clause as JSON."""
    if isinstance(clause, list | tuple):
        return [plain(part) for part in clause]
    return {key: plain(value) for key, value in vars(clause).items()} if hasattr(clause, '__dict__') else clause


@pytest.mark.parametrize('seed', [1, 2])
def test_C1_random_calls_cost_what_the_package_says(tmp_path: Path, seed: int) -> None:
    asked = cases(seed)
    file = tmp_path / 'calls.jsonl'
    file.write_text(''.join(json.dumps(case) + '\n' for case in asked))
    answers = [json.loads(line) for line in hearth('calculate', '--bundled', '--batch', str(file)).splitlines()]
    assert len(answers) == len(asked)
    priced = 0
    for case, answer in zip(asked, answers, strict=True):
        wanted = by_package(case)
        assert answer.get('error') == wanted.get('error'), f'{case}\n{answer}\n{wanted}'
        if 'error' in wanted:
            continue
        priced += 1
        assert (answer['provider'], answer['model']) == (wanted['provider'], wanted['model']), case
        for name in ('input_price', 'output_price', 'total_price'):
            assert Decimal(answer[name]) == pytest.approx(wanted[name], abs=Decimal('1e-15')), f'{name} of {case}'
    assert priced > CASES / 4, f'only {priced} of {CASES} cases had a price'


def wanted_cost(call: dict[str, Any]) -> float | None:
    """The package's cost of a call with the rules for traces: the address, else the provider, else the model alone; None without one."""
    usage = {unit: call[column] for column, unit in COUNTS.items() if call[column] is not None}
    if not usage:
        return None
    ways = [{'provider_api_url': f'https://{call["address"]}/'}] if call['address'] else []
    ways += [{'provider_id': call['provider']}] if call['provider'] else []
    ways += [{}]
    for way in ways:
        for model in (call['response_model'], call['model']):
            if not model:
                continue
            for adjusted in (usage, usage | {'input_tokens': usage.get('input_tokens', 0) + usage.get('cache_read_tokens', 0) + usage.get('cache_write_tokens', 0)}):
                try:
                    price = calc_price(
                        Usage(**adjusted),
                        model,
                        genai_request_timestamp=datetime.fromisoformat(call['start_timestamp']),
                        price_context={'service_tier': call['service_tier']} if call['service_tier'] else None,
                        **way,
                    )
                except LookupError:
                    break
                except ValueError:
                    continue
                return float(price.total_price)
    return None


@pytest.mark.parametrize('scenario', SCENARIOS)
def test_C1_fixtures_cost_what_the_package_says(scenario: str, server: Server) -> None:
    for request in requests(scenario):
        request.send(server)
    for call in rows(server, CALLS):
        if call['sent'] is not None:
            assert (call['cost_source'], call['cost']) == ('sent', pytest.approx(float(call['sent']), abs=1e-12)), call
            assert call['price_version'] is None
            continue
        wanted = wanted_cost(call)
        if wanted is None:
            assert (call['cost'], call['input_cost'], call['output_cost'], call['cost_source']) == (None, None, None, 'unpriced'), call
            assert call['cost_note'], call
        else:
            assert call['cost'] == pytest.approx(wanted, abs=1e-9), call
            assert call['cost_source'] == 'computed'
            assert call['cost_note'].startswith('price of '), call
            assert call['price_version'] == '0.2.3'


CALL = {'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 1_000_000}


def costs(server: Server) -> dict[str, tuple[Any, ...]]:
    return {row['model']: (row['cost'], row['cost_source'], row['cost_note'], row['price_version']) for row in rows(server, CALLS)}


def test_overrides_hold_at_once_and_for_stored_calls_after_a_recomputation(server: Server) -> None:
    url = ('--url', server.url)
    send(server, traces([span('a', values=CALL)]))
    send(server, traces([span('b', values=CALL | {'gen_ai.request.model': 'house-model'})]))
    send(server, traces([span('c', values=CALL | {'gen_ai.request.model': 'gpt-4o-mini', 'operation.cost': 7.0})]))
    assert costs(server)['gpt-4o'] == (2.5, 'computed', 'price of openai/gpt-4o', '0.2.3')
    assert costs(server)['house-model'][:2] == (None, 'unpriced')

    hearth('override', 'set', 'gpt-4o', '--input', '2', '--note', 'contract', *url)
    hearth('override', 'set', 'house-*', '--input', '0.5', '--output', '1', *url)
    hearth('override', 'set', 'gpt-4o-mini', '--input', '1', *url)
    listed = json.loads(hearth('override', 'list', '--json', *url))['overrides']
    assert [(item['id'], item['model'], item['prices']) for item in listed][0] == (1, 'gpt-4o', {'input_mtok': '2'})
    send(server, traces([span('d', values=CALL | {'gen_ai.request.model': 'house-2'})]))
    assert costs(server)['house-2'] == (0.5, 'computed', 'price of house-2; override 2', '0.2.3+override')
    assert costs(server)['gpt-4o'][0] == 2.5

    planned = json.loads(hearth('recompute', '--since', '2000-01-01', '--dry-run', '--json', *url).splitlines()[-1])
    assert (planned['calls'], planned['changed'], planned['newly_priced'], planned['kept_sent']) == (4, 2, 1, 1)
    assert costs(server)['gpt-4o'][0] == 2.5, 'a dry run changes nothing'
    assert '2 changed' in hearth('recompute', '--since', '2000-01-01', *url)
    after = costs(server)
    assert after['gpt-4o'] == (2, 'computed', 'price of openai/gpt-4o; override 1', '0.2.3+override')
    assert after['house-model'][:2] == (0.5, 'computed')
    assert after['gpt-4o-mini'][:2] == (7, 'sent')
    again = json.loads(hearth('recompute', '--since', '2000-01-01', '--json', *url).splitlines()[-1])
    assert again['changed'] == 0

    hearth('override', 'remove', '1', *url)
    assert 'no override 1' in hearth('override', 'remove', '1', *url, status=1)
    hearth('recompute', '--since', '2000-01-01', *url)
    assert costs(server)['gpt-4o'][0] == 2.5


def test_calls_of_several_records_are_priced_by_what_they_say_together(server: Server) -> None:
    """The outer record knows the tokens, the inner one the cache: whichever comes first, the call costs what both say."""
    outer = CALL | {'gen_ai.usage.output_tokens': 0}
    inner = CALL | {'gen_ai.usage.output_tokens': 0, 'gen_ai.usage.cache_read.input_tokens': 400_000}
    together = pytest.approx(0.6 * 2.5 + 0.4 * 1.25, abs=1e-9)
    for order in ('one request', 'outer first', 'inner first'):
        parent = span(f'outer {order}', values=outer)
        child = span(f'inner {order}', trace=parent.trace_id, parent=parent.span_id, values=inner)
        for batch in {'one request': [[parent, child]], 'outer first': [[parent], [child]], 'inner first': [[child], [parent]]}[order]:
            send(server, traces(batch))
    found = rows(server, 'SELECT cost, input_cost, cost_source, merged_records FROM llm_calls')
    assert [(row['cost'], row['input_cost'], row['cost_source'], row['merged_records']) for row in found] == [(together, together, 'computed', 2)] * 3
    hearth('override', 'set', 'gpt-4o', '--input', '5', '--cache-read', '1', '--url', server.url)
    hearth('recompute', '--since', '2000-01-01', '--url', server.url)
    again = rows(server, 'SELECT cost, cost_note FROM llm_calls')
    assert [(row['cost'], row['cost_note']) for row in again] == [(pytest.approx(0.6 * 5 + 0.4 * 1, abs=1e-9), 'price of openai/gpt-4o; override 1')] * 3


def test_price_data_can_be_replaced_and_taken_back(tmp_path: Path, data: Path) -> None:
    file = tmp_path / 'prices.json'
    with Server(data) as server:
        url = ('--url', server.url)
        for broken in ('[]', '{', '[{"id": "openai"}]', '[{"id":"a","api_pattern":"a","models":[{"id":"m","match":{"equals":"m"},"prices":{"cache_read_mtok":1}}]}]'):
            file.write_text(broken)
            assert 'this is not price data' in hearth('update', '--file', str(file), *url, status=1)
        file.write_text(
            '[{"id":"openai","name":"OpenAI","api_pattern":"https://api\\\\.openai\\\\.com","provider_match":{"contains":"openai"},'
            '"models":[{"id":"gpt-4o","match":{"equals":"gpt-4o"},"prices":{"input_mtok":0.1}}]}]'
        )
        assert '1 models of 1 providers' in hearth('update', '--file', str(file), '--name', 'tiny', *url)
        send(server, traces([span('a', values=CALL)]))
        assert costs(server)['gpt-4o'] == (0.1, 'computed', 'price of openai/gpt-4o', 'tiny')
    with Server(data) as server:
        url = ('--url', server.url)
        versions = json.loads(hearth('versions', '--json', *url))['versions']
        assert [(version['name'], version['is_active']) for version in versions] == [('0.2.3', False), ('tiny', True)]
        hearth('versions', '--use', '0.2.3', *url)
        hearth('recompute', '--since', '7d', *url)
        assert costs(server)['gpt-4o'][0] in (0.1, 2.5)
        hearth('recompute', '--since', '2000-01-01', *url)
        assert costs(server)['gpt-4o'] == (2.5, 'computed', 'price of openai/gpt-4o', '0.2.3')


def test_prices_are_shown(server: Server) -> None:
    url = ('--url', server.url)
    listed = json.loads(hearth('list', '--provider', 'anthropic', '--model', 'sonnet-4-0', '--json', *url))
    assert [(model['provider'], model['model'], model['prices']['input_mtok']) for model in listed['models']] == [('anthropic', 'claude-sonnet-4-0', '3')]
    assert 'claude-sonnet-4-0' in hearth('list', '--model', 'sonnet-4-0', *url)
    assert 'No model fits' in hearth('list', '--model', 'no such model', *url)
    shown = json.loads(hearth('show', 'o3', '--at', '2025-06-01', '--json', *url))
    assert shown['in_force']['input_mtok'] == '10'
    assert sum(entry['is_in_force'] for entry in shown['entries']) == 1
    assert 'processing batch' in hearth('show', 'gpt-4o', *url)
    assert 'no model' in hearth('show', 'gpt-99', '--provider', 'openai', *url, status=1)
    assert hearth('calculate', '--model', 'gpt-4o', '--input-tokens', '1000', '--output-tokens', '100', *url).startswith('$0.0035 ')
    assert hearth('calculate', '--model', 'gpt-4o', '--input-tokens', '1000', '--bundled').startswith('$0.0025 ')
    assert 'no server answers' in hearth('list', '--url', 'http://127.0.0.1:9', status=69)
