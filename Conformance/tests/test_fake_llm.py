"""The fake model server answers as its script says, plain and streamed, and refuses when told to."""

import time

import pytest
from openai import OpenAI, RateLimitError

from fake_llm import FakeModelServer, Reply, Script, ToolCall
from fake_llm.script import said

SCRIPT = [
    ([said('tool')], Reply(tool_calls=[ToolCall('add', {'a': 1, 'b': 2})], input_tokens=40, output_tokens=9)),
    ([said('cached')], Reply(text='From  the cache.\n', input_tokens=100, output_tokens=4, cached_tokens=64, reasoning_tokens=2)),
    ([said('busy')], Reply(text='At last.', rate_limited=2)),
    ([said('slow')], Reply(text='one two three', delay=0.2)),
]


@pytest.fixture
def client():
    with FakeModelServer(Script(SCRIPT)) as server:
        yield OpenAI(base_url=f'{server.url}/v1', api_key='not-needed', max_retries=2)


def ask(client: OpenAI, text: str):
    return client.chat.completions.create(model='gpt-4o', messages=[{'role': 'user', 'content': text}])


def test_plain_answer_with_cached_tokens(client: OpenAI) -> None:
    answer = ask(client, 'cached please')
    assert answer.choices[0].message.content == 'From  the cache.\n'
    assert answer.usage and answer.usage.prompt_tokens_details and answer.usage.completion_tokens_details
    usage = answer.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.prompt_tokens_details.cached_tokens, usage.completion_tokens_details.reasoning_tokens) == (100, 4, 64, 2)


def test_tool_call(client: OpenAI) -> None:
    choice = ask(client, 'use the tool').choices[0]
    assert choice.finish_reason == 'tool_calls'
    assert [(call.function.name, call.function.arguments) for call in choice.message.tool_calls or []] == [('add', '{"a": 1, "b": 2}')]


def test_stream_ends_with_usage(client: OpenAI) -> None:
    started = time.monotonic()
    chunks = client.chat.completions.create(
        model='gpt-4o', messages=[{'role': 'user', 'content': 'slow'}], stream=True, stream_options={'include_usage': True}
    )
    received = [(time.monotonic() - started, chunk) for chunk in chunks]
    assert received[0][0] >= 0.2
    assert ''.join(chunk.choices[0].delta.content or '' for _, chunk in received if chunk.choices) == 'one two three'
    assert [chunk.usage.prompt_tokens for _, chunk in received if chunk.usage] == [10]
    assert len(received) == 6  # role, three words, finish, usage


def test_rate_limit_is_over_after_the_scripted_refusals(client: OpenAI) -> None:
    assert ask(client, 'busy').choices[0].message.content == 'At last.'
    with pytest.raises(RateLimitError):
        ask(client.with_options(max_retries=1), 'busy')
