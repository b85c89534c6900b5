"""A scripted stand-in for the model servers of OpenAI, Anthropic and Google: same script, same requests, same answers, to the token."""

from .ledger import Call, Ledger
from .script import Reply, Script, ToolCall
from .server import FakeModelServer

__all__ = ['Call', 'FakeModelServer', 'Ledger', 'Reply', 'Script', 'ToolCall']
