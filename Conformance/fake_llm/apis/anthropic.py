"""`/v1/messages` of Anthropic."""

import json
from collections.abc import Iterator
from typing import Any

from .api import Answer, Event, Request, pieces, text_of

STOP_REASONS = {'stop': 'end_turn', 'length': 'max_tokens', 'tool_calls': 'tool_use', 'content_filter': 'refusal'}
ERRORS = {400: 'invalid_request_error', 404: 'not_found_error', 429: 'rate_limit_error'}


class AnthropicMessages:
    name = 'messages'
    provider = 'anthropic'

    def match(self, path: str) -> bool:
        return path.endswith('/v1/messages')

    def model(self, path: str, request: Request) -> str:
        return request['model']

    def is_streamed(self, path: str, request: Request) -> bool:
        return bool(request.get('stream'))

    def conversation(self, request: Request) -> list[dict[str, Any]]:
        found = [{'role': 'system', 'content': text_of(request['system'])}] if request.get('system') else []
        for message in request['messages']:
            content = message['content']
            parts = [{'type': 'text', 'text': content}] if isinstance(content, str) else content
            for part in parts:
                if part['type'] == 'tool_result':
                    found.append({'role': 'tool', 'content': text_of(part.get('content'))})
                elif part['type'] == 'text':
                    found.append({'role': message['role'], 'content': part['text']})
        return found

    def response_id(self, suffix: str) -> str:
        return f'msg_{suffix}'

    def error(self, status: int, message: str) -> Any:
        return {'type': 'error', 'error': {'type': ERRORS.get(status, 'api_error'), 'message': message}}

    def whole(self, answer: Answer) -> Any:
        return self._message(answer) | {
            'content': self._blocks(answer),
            'stop_reason': self._stop_reason(answer),
            'usage': self._usage(answer, answer.reply.output_tokens),
        }

    def events(self, answer: Answer) -> Iterator[Event]:
        def event(kind: str, **fields: Any) -> Event:
            return kind, {'type': kind} | fields

        yield event('message_start', message=self._message(answer) | {'usage': self._usage(answer, 1)})
        for index, block in enumerate(self._blocks(answer)):
            if block['type'] == 'text':
                start, deltas = {'text': ''}, [{'type': 'text_delta', 'text': piece} for piece in pieces(block['text'])]
            elif block['type'] == 'thinking':
                start, deltas = {'thinking': '', 'signature': ''}, [{'type': 'thinking_delta', 'thinking': piece} for piece in pieces(block['thinking'])]
                deltas.append({'type': 'signature_delta', 'signature': block['signature']})
            else:
                start, deltas = {'input': {}}, [{'type': 'input_json_delta', 'partial_json': json.dumps(block['input'])}]
            yield event('content_block_start', index=index, content_block=block | start)
            for delta in deltas:
                yield event('content_block_delta', index=index, delta=delta)
            yield event('content_block_stop', index=index)
        delta = {'stop_reason': self._stop_reason(answer), 'stop_sequence': None}
        yield event('message_delta', delta=delta, usage={'output_tokens': answer.reply.output_tokens})
        yield event('message_stop')

    @staticmethod
    def _stop_reason(answer: Answer) -> str:
        return 'refusal' if answer.reply.refusal else STOP_REASONS[answer.reply.reason]

    @staticmethod
    def _message(answer: Answer) -> dict[str, Any]:
        head = {'id': answer.id, 'type': 'message', 'role': 'assistant', 'model': answer.model}
        return head | {'content': [], 'stop_reason': None, 'stop_sequence': None}

    @staticmethod
    def _usage(answer: Answer, output_tokens: int) -> dict[str, Any]:
        reply = answer.reply
        return {
            'input_tokens': reply.input_tokens - reply.cached_tokens - reply.cache_write_tokens,  # Anthropic counts the cache apart
            'cache_read_input_tokens': reply.cached_tokens,
            'cache_creation_input_tokens': reply.cache_write_tokens,
            'output_tokens': output_tokens,
        }

    @staticmethod
    def _blocks(answer: Answer) -> list[dict[str, Any]]:
        reply = answer.reply
        blocks: list[dict[str, Any]] = []
        if answer.request.get('thinking') and reply.reasoning_tokens:
            blocks.append({'type': 'thinking', 'thinking': 'I think about it.', 'signature': 'c2lnbmVk'})
        if reply.text or reply.refusal:
            blocks.append({'type': 'text', 'text': reply.text or reply.refusal})
        for index, call in enumerate(reply.tool_calls):
            blocks.append({'type': 'tool_use', 'id': f'toolu_{answer.id}_{index}', 'name': call.name, 'input': call.arguments})
        return blocks
