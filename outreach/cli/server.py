"""Listening and stopping: a taken port is said in one sentence, and Ctrl-C leaves nothing open."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import click
import uvicorn

from outreach.web.live import end_streams

T = TypeVar("T")


def listening(host: str, port: int, otherwise: str) -> socket.socket:
    """A socket that listens there; where that fails the command ends, and says `otherwise`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as no:
        raise click.ClickException(f"Cannot listen on port {port} of {host} ({no.strerror}). {otherwise}") from None


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` on the fastest event loop that this machine has."""
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        return runner.run(main)


class Server(uvicorn.Server):
    """A server that Ctrl-C or a polite kill ends, so that whoever started it can close what it used."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop serving; streams that never end by themselves are ended first."""
        end_streams(self.config.app)  # type: ignore[arg-type]
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End the serving on a signal; uvicorn raises it again afterwards, which would cut the closing short."""
        loop, signals = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
        for each in signals:
            loop.add_signal_handler(each, self.handle_exit, each, None)
        try:
            yield
        finally:
            for each in signals:
                loop.remove_signal_handler(each)
