"""What the conformance tests share: the server as a process, OTLP requests, queries."""
