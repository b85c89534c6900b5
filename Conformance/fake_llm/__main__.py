"""`python -m fake_llm [PORT]` serves the weather agent's script until it is interrupted, and prints its address."""

import sys

from .server import FakeModelServer
from .weather import weather_script

server = FakeModelServer(weather_script(), int(sys.argv[1]) if len(sys.argv) > 1 else 0)
print(f'fake model server on {server.url}', flush=True)
try:
    server.serve()
except KeyboardInterrupt:
    pass
