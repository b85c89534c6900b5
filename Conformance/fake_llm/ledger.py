"""What the fake server served: the truth that every measured figure is held against."""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .script import Reply


@dataclass
class Served:
    """One HTTP request and its answer."""

    api: str
    provider: str
    model: str
    key: str
    """Equal for the attempts of one call: a hash of API and body."""
    status: int = 200
    response_id: str | None = None
    is_streamed: bool = False
    reply: Reply = field(default_factory=Reply)
    first_byte_after: float = 0.0
    """Seconds from the whole request to the answer's first byte, as measured."""


@dataclass
class Call:
    """One call as its caller sees it: the answered attempt and the refused ones before it."""

    served: Served
    retries: int = 0
    """Attempts before the last one."""

    @property
    def is_error(self) -> bool:
        return self.served.status != 200

    @property
    def is_embedding(self) -> bool:
        return self.served.api == 'embeddings'

    @property
    def model(self) -> str:
        return self.served.model

    def usage(self, count: Callable[[Reply], int]) -> int | None:
        """A figure of the usage that was reported; None where an error reported none."""
        return None if self.is_error else count(self.served.reply)

    @property
    def input_tokens(self) -> int | None:
        if self.is_embedding and self.served.provider == 'google':
            return None  # the Gemini API has no usage for embeddings
        return self.usage(lambda reply: reply.input_tokens)

    @property
    def output_tokens(self) -> int | None:
        return None if self.is_embedding else self.usage(lambda reply: reply.output_tokens)

    @property
    def cache_read_tokens(self) -> int | None:
        return None if self.is_embedding else self.usage(lambda reply: reply.cached_tokens)

    @property
    def cache_write_tokens(self) -> int | None:
        return None if self.is_embedding else self.usage(lambda reply: reply.cache_write_tokens)

    @property
    def reasoning_tokens(self) -> int | None:
        return None if self.is_embedding else self.usage(lambda reply: reply.reasoning_tokens)

    @property
    def is_truncated(self) -> bool:
        return not self.is_error and self.served.reply.reason == 'length'

    @property
    def tool_calls(self) -> int:
        return 0 if self.is_error else len(self.served.reply.tool_calls)

    @property
    def is_refused(self) -> bool:
        return not self.is_error and bool(self.served.reply.refusal)


class Ledger:
    """Every request in the order of arrival; safe to use from several threads."""

    def __init__(self) -> None:
        self._served: list[Served] = []
        self._lock = threading.Lock()

    def add(self, entry: Served) -> Served:
        with self._lock:
            self._served.append(entry)
        return entry

    @property
    def served(self) -> list[Served]:
        with self._lock:
            return list(self._served)

    @property
    def calls(self) -> list[Call]:
        """The calls in the order of their first attempts. An attempt that was refused with 429 and one after it with the same body are one call."""
        found: list[Call] = []
        open_calls: dict[str, Call] = {}
        for entry in self.served:
            if call := open_calls.get(entry.key):
                call.served = entry
                call.retries += 1
            else:
                call = Call(entry)
                found.append(call)
                open_calls[entry.key] = call
            if entry.status != 429:
                open_calls.pop(entry.key, None)
        return found


def key_of(path: str, body: dict[str, Any]) -> str:
    return hashlib.sha256(f'{path} {json.dumps(body, sort_keys=True)}'.encode()).hexdigest()
