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
    input_tokens: int = 10
    output_tokens: int = 5
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    finish_reason: str | None = None
    delay: float = 0.0
    """Seconds before the first byte of the answer."""
    chunk_delay: float = 0.0
    """Seconds between the chunks of a streamed answer."""
    rate_limited: int = 0
    """How many times the request is answered 429 before it succeeds."""

    @property
    def reason(self) -> str:
        return self.finish_reason or ('tool_calls' if self.tool_calls else 'stop')

    def usage(self) -> dict[str, Any]:
        return {
            'prompt_tokens': self.input_tokens,
            'completion_tokens': self.output_tokens,
            'total_tokens': self.input_tokens + self.output_tokens,
            'prompt_tokens_details': {'cached_tokens': self.cached_tokens, 'audio_tokens': 0},
            'completion_tokens_details': {'reasoning_tokens': self.reasoning_tokens, 'audio_tokens': 0},
        }


Request = dict[str, Any]
Condition = Callable[[Request], bool]


def said(text: str) -> Condition:
    """True when a user message contains the text."""
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
