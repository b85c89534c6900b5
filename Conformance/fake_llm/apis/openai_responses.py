"""`/v1/responses` of OpenAI."""

import json
from collections.abc import Iterator
from typing import Any

from .api import Answer, Event, Request, pieces, text_of
from .openai_chat import CREATED, openai_error


class OpenAIResponses:
    name = 'responses'
    provider = 'openai'

    def match(self, path: str) -> bool:
        return path.endswith('/v1/responses')

    def model(self, path: str, request: Request) -> str:
        return request['model']

    def is_streamed(self, path: str, request: Request) -> bool:
        return bool(request.get('stream'))

    def conversation(self, request: Request) -> list[dict[str, Any]]:
        found = [{'role': 'system', 'content': request['instructions']}] if request.get('instructions') else []
        if isinstance(request['input'], str):
            return [*found, {'role': 'user', 'content': request['input']}]
        for item in request['input']:
            if item.get('type') == 'function_call_output':
                found.append({'role': 'tool', 'content': text_of(item['output'])})
            elif 'role' in item:
                found.append({'role': item['role'], 'content': text_of(item.get('content'))})
        return found

    def response_id(self, suffix: str) -> str:
        return f'resp_{suffix}'

    def error(self, status: int, message: str) -> Any:
        return openai_error(status, message)

    def whole(self, answer: Answer) -> Any:
        return self._response(answer, 'incomplete' if answer.reply.reason == 'length' else 'completed', self._items(answer))

    def events(self, answer: Answer) -> Iterator[Event]:
        number = 0

        def event(kind: str, **fields: Any) -> Event:
            nonlocal number
            number += 1
            return kind, {'type': kind, 'sequence_number': number - 1} | fields

        yield event('response.created', response=self._response(answer, 'in_progress', []))
        for index, item in enumerate(self._items(answer)):
            place = {'item_id': item['id'], 'output_index': index}
            yield event('response.output_item.added', output_index=index, item=item | self._opened(item))
            if item['type'] == 'message':
                part = item['content'][0]
                field, kind = ('refusal', 'refusal') if part['type'] == 'refusal' else ('text', 'output_text')
                spot = place | {'content_index': 0}
                extra: dict[str, Any] = {} if field == 'refusal' else {'logprobs': []}
                yield event('response.content_part.added', **spot, part=part | {field: ''})
                for piece in pieces(part[field]):
                    yield event(f'response.{kind}.delta', **spot, delta=piece, **extra)
                yield event(f'response.{kind}.done', **spot, **{field: part[field]}, **extra)
                yield event('response.content_part.done', **spot, part=part)
            elif item['type'] == 'function_call':
                yield event('response.function_call_arguments.delta', **place, delta=item['arguments'])
                yield event('response.function_call_arguments.done', **place, name=item['name'], arguments=item['arguments'])
            yield event('response.output_item.done', output_index=index, item=item)
        response = self.whole(answer)
        yield event(f'response.{response["status"]}', response=response)

    @staticmethod
    def _opened(item: dict[str, Any]) -> dict[str, Any]:
        empty = {'message': {'content': []}, 'function_call': {'arguments': ''}, 'reasoning': {}}
        return empty[item['type']] | {'status': 'in_progress'}

    @staticmethod
    def _items(answer: Answer) -> list[dict[str, Any]]:
        reply = answer.reply
        items: list[dict[str, Any]] = []
        if reply.reasoning_tokens:
            items.append({'id': f'rs_{answer.id}', 'type': 'reasoning', 'summary': [{'type': 'summary_text', 'text': 'I think about it.'}]})
        if reply.text or reply.refusal:
            part = {'type': 'refusal', 'refusal': reply.refusal} if reply.refusal else {'type': 'output_text', 'text': reply.text, 'annotations': []}
            status = 'incomplete' if reply.reason == 'length' else 'completed'
            items.append({'id': f'msg_{answer.id}', 'type': 'message', 'role': 'assistant', 'status': status, 'content': [part]})
        for index, call in enumerate(reply.tool_calls):
            name = f'{answer.id}_{index}'
            arguments = json.dumps(call.arguments)
            items.append({'id': f'fc_{name}', 'type': 'function_call', 'call_id': f'call_{name}', 'name': call.name, 'arguments': arguments, 'status': 'completed'})
        return items

    @staticmethod
    def _response(answer: Answer, status: str, items: list[dict[str, Any]]) -> dict[str, Any]:
        request, reply = answer.request, answer.reply
        usage = {
            'input_tokens': reply.input_tokens,
            'input_tokens_details': {'cached_tokens': reply.cached_tokens},
            'output_tokens': reply.output_tokens,
            'output_tokens_details': {'reasoning_tokens': reply.reasoning_tokens},
            'total_tokens': reply.input_tokens + reply.output_tokens,
        }
        return {
            'id': answer.id,
            'object': 'response',
            'created_at': CREATED,
            'model': answer.model,
            'status': status,
            'error': None,
            'incomplete_details': {'reason': 'max_output_tokens'} if status == 'incomplete' else None,
            'instructions': request.get('instructions'),
            'output': items,
            'usage': None if status == 'in_progress' else usage,
            'parallel_tool_calls': True,
            'tool_choice': 'auto',
            'tools': request.get('tools') or [],
            'temperature': 1.0,
            'top_p': 1.0,
            'metadata': {},
            'text': request.get('text') or {'format': {'type': 'text'}},
        }
