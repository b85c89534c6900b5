"""`models/…:generateContent`, `:streamGenerateContent` and the embeddings of Google's Gemini API."""

import re
from collections.abc import Iterator
from typing import Any

from .api import Answer, Event, Request, pieces, text_of
from .openai_chat import VECTOR

METHOD = re.compile(r'/models/([^/:]+):(generateContent|streamGenerateContent)$')
EMBED = re.compile(r'/models/([^/:]+):(embedContent|batchEmbedContents)$')
FINISH_REASONS = {'stop': 'STOP', 'tool_calls': 'STOP', 'length': 'MAX_TOKENS', 'content_filter': 'SAFETY'}
ERRORS = {400: 'INVALID_ARGUMENT', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED'}


class Gemini:
    name = 'generate_content'
    provider = 'google'
    pattern = METHOD

    def match(self, path: str) -> bool:
        return self.pattern.search(path) is not None

    def model(self, path: str, request: Request) -> str:
        found = self.pattern.search(path)
        return found.group(1) if found else ''

    def is_streamed(self, path: str, request: Request) -> bool:
        return ':streamGenerateContent' in path

    def conversation(self, request: Request) -> list[dict[str, Any]]:
        instructions = request.get('systemInstruction')
        found = [{'role': 'system', 'content': text_of(instructions['parts'])}] if instructions else []
        for content in request['contents']:
            for part in content['parts']:
                if 'functionResponse' in part:
                    found.append({'role': 'tool', 'content': str(part['functionResponse'].get('response'))})
                elif 'text' in part:
                    found.append({'role': 'assistant' if content.get('role') == 'model' else 'user', 'content': part['text']})
        return found

    def response_id(self, suffix: str) -> str:
        return f'gemini-{suffix}'

    def error(self, status: int, message: str) -> Any:
        return {'error': {'code': status, 'message': message, 'status': ERRORS.get(status, 'INTERNAL')}}

    def whole(self, answer: Answer) -> Any:
        return self._chunk(answer, self._parts(answer), last=True)

    def events(self, answer: Answer) -> Iterator[Event]:
        reply = answer.reply
        *head, last = [{'text': piece} for piece in pieces(reply.text)] or [{'text': ''}]
        for part in head:
            yield None, self._chunk(answer, [part], last=False)
        yield None, self._chunk(answer, [last, *self._parts(answer)[1 if reply.text else 0 :]], last=True)

    @staticmethod
    def _parts(answer: Answer) -> list[dict[str, Any]]:
        text = answer.reply.text
        calls = [{'functionCall': {'name': call.name, 'args': call.arguments}} for call in answer.reply.tool_calls]
        return ([{'text': text}] if text else []) + calls

    @staticmethod
    def _chunk(answer: Answer, parts: list[dict[str, Any]], *, last: bool) -> dict[str, Any]:
        reply = answer.reply
        candidate: dict[str, Any] = {'index': 0, 'content': {'role': 'model', 'parts': parts}}
        usage = {'promptTokenCount': reply.input_tokens, 'totalTokenCount': reply.input_tokens}
        if reply.cached_tokens:
            usage['cachedContentTokenCount'] = reply.cached_tokens
        if last:
            candidate['finishReason'] = 'SAFETY' if reply.refusal else FINISH_REASONS[reply.reason]
            usage['candidatesTokenCount'] = reply.output_tokens - reply.reasoning_tokens
            usage['totalTokenCount'] = reply.input_tokens + reply.output_tokens
            if reply.reasoning_tokens:
                usage['thoughtsTokenCount'] = reply.reasoning_tokens
        return {'candidates': [candidate], 'usageMetadata': usage, 'modelVersion': answer.model, 'responseId': answer.id}


class GeminiEmbeddings(Gemini):
    name = 'embeddings'
    pattern = EMBED

    def is_streamed(self, path: str, request: Request) -> bool:
        return False

    def conversation(self, request: Request) -> list[dict[str, Any]]:
        requests = request.get('requests') or [request]
        return [{'role': 'user', 'content': text_of(item['content']['parts'])} for item in requests]

    def whole(self, answer: Answer) -> Any:
        if 'requests' in answer.request:
            return {'embeddings': [{'values': VECTOR} for _ in answer.request['requests']]}
        return {'embedding': {'values': VECTOR}}
