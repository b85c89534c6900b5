"""What every API has in common."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..script import Reply

Request = dict[str, Any]
Event = tuple[str | None, Any]
"""Name (None: unnamed) and data of a Server-Sent Event; data that is a string is sent as it is."""


@dataclass(frozen=True)
class Answer:
    """What an API needs beside request and reply to write its answer."""

    request: Request
    reply: Reply
    id: str
    model: str


class ModelAPI(Protocol):
    name: str
    provider: str

    def match(self, path: str) -> bool: ...

    def model(self, path: str, request: Request) -> str: ...

    def is_streamed(self, path: str, request: Request) -> bool: ...

    def conversation(self, request: Request) -> list[dict[str, Any]]:
        """The request's messages as chat completions have them: `role` (system, user, assistant, tool) and `content`."""
        ...

    def response_id(self, suffix: str) -> str: ...

    def whole(self, answer: Answer) -> Any: ...

    def events(self, answer: Answer) -> Iterator[Event]: ...

    def error(self, status: int, message: str) -> Any: ...


def find_api(apis: Sequence[ModelAPI], path: str) -> ModelAPI | None:
    return next((api for api in apis if api.match(path)), None)


def pieces(text: str) -> list[str]:
    """The text word by word, as a stream sends it."""
    return re.findall(r'\s*\S+|\s+$', text)


def text_of(content: Any) -> str:
    """The text of a message's content in any of the APIs: a string, or parts that have `text`."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        return str(content.get('text', ''))
    if isinstance(content, Iterable):
        return ''.join(text_of(part) for part in content)
    return ''
