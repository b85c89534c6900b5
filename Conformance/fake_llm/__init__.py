"""A scripted stand-in for an OpenAI-compatible model server: same script, same requests, same answers, to the token."""

from .script import Reply, Script, ToolCall
from .server import FakeModelServer

__all__ = ['FakeModelServer', 'Reply', 'Script', 'ToolCall']
