"""What the fake model answers. A script maps the state of a conversation to a reply; it keeps no other state than its 429s."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ToolCall:
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One answer of the model, with the usage that it reports."""

    text: str = ''
    tool_calls: Sequence[ToolCall] = ()
    refusal: str = ''
    """The text with which the model declines; it then has no other text."""
    input_tokens: int = 10
    """All of the input, with what the cache gave and took."""
    output_tokens: int = 5
    """All of the output, with the reasoning."""
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    """Only Anthropic reports these."""
    reasoning_tokens: int = 0
    finish_reason: str | None = None
    delay: float = 0.0
    """Seconds before the first byte of the answer."""
    chunk_delay: float = 0.0
    """Seconds between the chunks of a streamed answer."""
    rate_limited: int = 0
    """How many times the request is answered 429 before it succeeds."""
    status: int = 200
    """Another status is an error answer without usage."""

    @property
    def reason(self) -> str:
        """The finish reason in the words of OpenAI's chat completions; the other APIs translate it."""
        return self.finish_reason or ('tool_calls' if self.tool_calls else 'stop')


Request = dict[str, Any]
Condition = Callable[[Request], bool]


def said(text: str) -> Condition:
    """True when a user message contains the text (`messages` in the chat completions' shape, whatever API was called)."""
    return lambda request: any(text in content_text(message) for message in request['messages'] if message['role'] == 'user')


def tool_results(number: int) -> Condition:
    """True when the conversation holds that many tool results."""
    return lambda request: sum(message['role'] == 'tool' for message in request['messages']) == number


def content_text(message: dict[str, Any]) -> str:
    content = message.get('content') or ''
    if isinstance(content, str):
        return content
    return ''.join(part.get('text', '') for part in content)


@dataclass
class Script:
    """Rules in order: the first whose conditions all hold gives the reply."""

    rules: list[tuple[Sequence[Condition], Reply]]
    fallback: Reply = field(default_factory=lambda: Reply(text='I have nothing to say.'))
    _refused: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, request: Request) -> Reply | None:
        """The reply to a chat request, or None when it is to be answered 429 this time."""
        for number, (conditions, reply) in enumerate(self.rules):
            if all(condition(request) for condition in conditions):
                with self._lock:
                    refused = self._refused.get(number, 0)
                    if refused < reply.rate_limited:
                        self._refused[number] = refused + 1
                        return None
                    self._refused.pop(number, None)
                return reply
        return self.fallback
