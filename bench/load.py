"""A caller that keeps so many connections busy, each sending its next request when the last is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from time import perf_counter

_END = b"\r\n\r\n"


def post(path: str, body: bytes, **headers: str) -> bytes:
    told = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def call(port: int, requests: Sequence[bytes], connections: int) -> list[float]:
    """Make all of them; how many seconds each took to be answered. Raises ConnectionError for any answer but 200."""
    rest, took = iter(requests), list[float]()
    loop = asyncio.get_running_loop()
    callers = [
        (await loop.create_connection(lambda: _Caller(rest, took), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(caller.over for caller in callers))
    return took


class _Caller(asyncio.Protocol):
    """One connection. The answers it gets have no body, so each ends with its head."""

    def __init__(self, rest: Iterator[bytes], took: list[float]) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rest = rest
        self._took = took
        self._heard = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if not self._heard.endswith(_END):
            return
        self._took.append(perf_counter() - self._sent_at)
        if not self._heard.startswith(b"HTTP/1.1 200 "):
            self._end(ConnectionError(self._heard.partition(b"\r\n")[0].decode()))
            return
        self._heard = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionError("the server hung up"))

    def _next(self) -> None:
        request = next(self._rest, None)
        if request is None:
            self._end(None)
            return
        self._sent_at = perf_counter()
        self._transport.write(request)

    def _end(self, error: Exception | None) -> None:
        if self.over.done():
            return
        self._transport.close()
        self.over.set_exception(error) if error else self.over.set_result(None)
