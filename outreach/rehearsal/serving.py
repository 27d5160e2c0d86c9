"""A server on a free port of this machine, in this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from outreach.web.live import end_streams


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving; streams that never end by themselves are ended first."""
        end_streams(self.config.app)  # type: ignore[arg-type]
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave Ctrl-C to whoever runs both servers."""
        yield


def free_port() -> tuple[socket.socket, str]:
    """A listening socket that the system chose a port for, and the URL it will answer at."""
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found, f"http://127.0.0.1:{found.getsockname()[1]}"


@contextlib.asynccontextmanager
async def serving(application: ASGIApp, at: socket.socket, lifespan: str = "off") -> AsyncIterator[None]:
    """Serve `application` at this socket until the block is left."""
    config = uvicorn.Config(application, access_log=False, log_config=None, lifespan=lifespan)  # type: ignore[arg-type]
    server = _Server(config)
    turning = asyncio.create_task(server.serve(sockets=[at]))
    try:
        while not server.started and not turning.done():  # noqa: ASYNC110 - the server offers a flag alone
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await turning
