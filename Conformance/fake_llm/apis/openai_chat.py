"""`/v1/chat/completions` and `/v1/embeddings`, of OpenAI and of everything that imitates it."""

import base64
import json
import struct
from collections.abc import Iterator
from typing import Any

from ..script import Reply
from .api import Answer, Event, Request, pieces

CREATED = 1_700_000_000
VECTOR = [0.125, -0.25, 0.5, 0.0, 1.0, -1.0, 0.75, 0.0625]


def openai_error(status: int, message: str) -> Any:
    kinds = {429: ('requests', 'rate_limit_exceeded'), 400: ('invalid_request_error', 'invalid_value'), 404: ('invalid_request_error', None)}
    kind, code = kinds.get(status, ('server_error', None))
    return {'error': {'message': message, 'type': kind, 'param': None, 'code': code}}


class OpenAIChat:
    name = 'chat'
    provider = 'openai'

    def match(self, path: str) -> bool:
        return path.endswith('/chat/completions')

    def model(self, path: str, request: Request) -> str:
        return request['model']

    def is_streamed(self, path: str, request: Request) -> bool:
        return bool(request.get('stream'))

    def conversation(self, request: Request) -> list[dict[str, Any]]:
        return request['messages']

    def response_id(self, suffix: str) -> str:
        return f'chatcmpl-{suffix}'

    def error(self, status: int, message: str) -> Any:
        return openai_error(status, message)

    def whole(self, answer: Answer) -> Any:
        message: dict[str, Any] = {'role': 'assistant', 'content': answer.reply.text or None}
        if answer.reply.refusal:
            message['refusal'] = answer.reply.refusal
        if calls := self._tool_calls(answer):
            message['tool_calls'] = calls
        return self._head(answer, 'chat.completion') | {
            'choices': [{'index': 0, 'message': message, 'finish_reason': answer.reply.reason}],
            'usage': self.usage(answer.reply),
        }

    def events(self, answer: Answer) -> Iterator[Event]:
        head = self._head(answer, 'chat.completion.chunk')
        deltas: list[dict[str, Any]] = [{'role': 'assistant', 'content': ''}]
        deltas += [{'content': piece} for piece in pieces(answer.reply.text)]
        deltas += [{'refusal': piece} for piece in pieces(answer.reply.refusal)]
        deltas += [{'tool_calls': [{'index': index} | call]} for index, call in enumerate(self._tool_calls(answer))]
        for delta in deltas:
            yield None, head | {'choices': [{'index': 0, 'delta': delta, 'finish_reason': None}]}
        yield None, head | {'choices': [{'index': 0, 'delta': {}, 'finish_reason': answer.reply.reason}]}
        if (answer.request.get('stream_options') or {}).get('include_usage'):
            yield None, head | {'choices': [], 'usage': self.usage(answer.reply)}
        yield None, '[DONE]'

    @staticmethod
    def usage(reply: Reply) -> dict[str, Any]:
        return {
            'prompt_tokens': reply.input_tokens,
            'completion_tokens': reply.output_tokens,
            'total_tokens': reply.input_tokens + reply.output_tokens,
            'prompt_tokens_details': {'cached_tokens': reply.cached_tokens, 'audio_tokens': 0},
            'completion_tokens_details': {'reasoning_tokens': reply.reasoning_tokens, 'audio_tokens': 0},
        }

    @staticmethod
    def _head(answer: Answer, kind: str) -> dict[str, Any]:
        return {'id': answer.id, 'object': kind, 'created': CREATED, 'model': answer.model}

    @staticmethod
    def _tool_calls(answer: Answer) -> list[dict[str, Any]]:
        turn = len(answer.request['messages'])
        return [
            {'id': f'call_{turn}_{index}', 'type': 'function', 'function': {'name': call.name, 'arguments': json.dumps(call.arguments)}}
            for index, call in enumerate(answer.reply.tool_calls)
        ]


class OpenAIEmbeddings(OpenAIChat):
    name = 'embeddings'

    def match(self, path: str) -> bool:
        return path.endswith('/v1/embeddings')

    def is_streamed(self, path: str, request: Request) -> bool:
        return False

    def conversation(self, request: Request) -> list[dict[str, Any]]:
        inputs = request['input'] if isinstance(request['input'], list) else [request['input']]
        return [{'role': 'user', 'content': text} for text in inputs if isinstance(text, str)]

    def whole(self, answer: Answer) -> Any:
        vector: Any = VECTOR
        if answer.request.get('encoding_format') == 'base64':
            vector = base64.b64encode(struct.pack(f'<{len(VECTOR)}f', *VECTOR)).decode()
        number = len(answer.request['input']) if isinstance(answer.request['input'], list) else 1
        return {
            'object': 'list',
            'model': answer.model,
            'data': [{'object': 'embedding', 'index': index, 'embedding': vector} for index in range(number)],
            'usage': {'prompt_tokens': answer.reply.input_tokens, 'total_tokens': answer.reply.input_tokens},
        }
