"""Plain OpenTelemetry, no logfire: FastAPI and Flask servers, requests, SQLite, SQLAlchemy, Redis and Celery, each with its instrumentation.

Arguments: the port of a Redis server. Prints the ports of the two web servers as JSON, then does one of each thing and ends."""

import json
import sqlite3
import sys
import threading
import time
from wsgiref.simple_server import WSGIRequestHandler, make_server

import redis
import requests
import uvicorn
from celery import Celery
from celery.contrib.testing.worker import start_worker
from fastapi import FastAPI, HTTPException
from flask import Flask, abort
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.instrumentation.sqlite3 import SQLite3Instrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from sqlalchemy import create_engine, text

REDIS_PORT = int(sys.argv[1])


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def fastapi_server() -> int:
    app = FastAPI()

    @app.get('/items/{item}')
    def get_item(item: int, note: str = '') -> dict[str, object]:
        if item == 404:
            raise HTTPException(404, 'no such item')
        if item == 500:
            raise HTTPException(503, 'not now')
        return {'item': item, 'note': note}

    FastAPIInstrumentor.instrument_app(app)
    server = uvicorn.Server(uvicorn.Config(app, host='127.0.0.1', port=0, log_level='error'))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return server.servers[0].sockets[0].getsockname()[1]


def flask_server() -> int:
    app = Flask('shop')
    FlaskInstrumentor().instrument_app(app)

    @app.get('/hello/<name>')
    def hello(name: str) -> str:
        if name == 'nobody':
            abort(404)
        return f'hello {name}'

    server = make_server('127.0.0.1', 0, app, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def http() -> dict[str, int]:
    ports = {'fastapi': fastapi_server(), 'flask': flask_server()}
    RequestsInstrumentor().instrument()
    fast, flask = (f'http://127.0.0.1:{port}' for port in ports.values())
    long = 'a text that is much longer than twenty characters'
    for url in (f'{fast}/items/1', f'{fast}/items/404', f'{fast}/items/500', f'{flask}/hello/ada', f'{flask}/hello/nobody'):
        requests.get(url, timeout=10)
    requests.get(f'{fast}/items/2', params={'note': 'naïve text', 'long': long}, timeout=10)
    return ports


def databases() -> None:
    SQLite3Instrumentor().instrument()
    connection = sqlite3.connect(':memory:')
    cursor = connection.cursor()
    cursor.execute('CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)')
    cursor.execute('SELECT\n    id,\n    name\nFROM item\nWHERE name = ?', ('lamp',))
    try:
        cursor.execute('SELECT * FROM missing')
    except sqlite3.OperationalError:
        pass
    connection.close()
    SQLite3Instrumentor().uninstrument()
    engine = create_engine('sqlite://')
    SQLAlchemyInstrumentor().instrument(engine=engine)
    with engine.connect() as bound:
        bound.execute(text('SELECT 1 AS one'))


def cache() -> None:
    RedisInstrumentor().instrument()
    client = redis.Redis(port=REDIS_PORT)
    client.set('cart', 'lamp')
    client.get('cart')
    client.close()
    RedisInstrumentor().uninstrument()


def tasks() -> None:
    app = Celery('shop', broker=f'redis://127.0.0.1:{REDIS_PORT}/1', backend=f'redis://127.0.0.1:{REDIS_PORT}/2')

    @app.task(name='shop.pack')
    def pack(item: str) -> str:
        if item == 'bomb':
            raise ValueError('not this one')
        return item

    CeleryInstrumentor().instrument()
    with start_worker(app, perform_ping_check=False, pool='solo', shutdown_timeout=10):
        assert pack.delay('lamp').get(timeout=20) == 'lamp'
        failed = pack.delay('bomb')
        failed.get(timeout=20, propagate=False)


def main() -> None:
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    ports = http()
    databases()
    cache()
    tasks()
    provider.shutdown()
    print(json.dumps(ports), flush=True)


if __name__ == '__main__':
    main()
