"""Serves a sandbox: two listeners on one event loop, one line when ready, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from korus_tui.sandbox import auth, tutorial
from korus_tui.sandbox.app import build_app, build_storage
from korus_tui.sandbox.context import Context, build
from korus_tui.sandbox.control import Control
from korus_tui.sandbox.faults.faults import FaultGate, FaultList
from korus_tui.sandbox.options import SandboxOptions
from korus_tui.sandbox.wire import Connections

CANNOT_START = 2
Made = TypeVar("Made")


def run(options: SandboxOptions) -> int:
    """Serves until it is told to end; the exit code: 0 after a clean end, 2 when it could not start."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s sandbox %(message)s")
    with contextlib.ExitStack() as stack:
        try:
            listener = stack.enter_context(_listen(options.host, options.port))
            storage = stack.enter_context(_listen(options.host, 0))
        except OSError as error:
            _say(f"sandbox: cannot listen on {options.host}:{options.port}: {error.strerror}")
            return CANNOT_START
        box = _read(options.state_file, lambda: build(options))
        faults = _read(options.faults_file, lambda: FaultList.read(options.faults_file))
        if box is None or faults is None:
            return CANNOT_START
        box.base_url, box.storage.base_url = _address(listener), _address(storage)
        asyncio.run(_serve(box, faults, [listener, storage]))
    return 0


def _read(file: Path | None, read: Callable[[], Made]) -> Made | None:
    """What `read` makes of a file; None, and one line that says so, if the file is not what it should be."""
    try:
        return read()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if file is None:
            raise
        _say(f"sandbox: cannot read {file}: {error}")
        return None


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, for asyncio to send small answers at once: else each waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _ready_line(box: Context) -> str:
    line = {
        "base_url": box.base_url,
        "token_endpoint": box.base_url + auth.TOKEN_PATH,
        "client_id": box.options.client_id,
        "client_secret": box.options.client_secret,
        "catalog": tutorial.CATALOG,
        "storage_url": box.storage.base_url,
    }
    if box.options.faults:
        line["control_url"] = f"{box.base_url}/_control"
    return json.dumps(line)


class _Server(uvicorn.Server):
    """Says when it is ready, and ends cleanly on SIGINT and SIGTERM (uvicorn's own would raise them again)."""

    def __init__(self, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.write(self._ready + "\n")
            sys.stdout.flush()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.end)
        yield

    def end(self) -> None:
        """Ends after the answers under way, within a second."""
        self.should_exit = True


async def _serve(box: Context, faults: FaultList, listeners: list[socket.socket]) -> None:
    connections = Connections()
    gate = FaultGate(_by_port(box, listeners[1], faults), box, faults, connections)
    config = uvicorn.Config(
        gate, http=connections.protocol(), log_config=None, access_log=False, lifespan="off", date_header=False,
        server_header=False, timeout_graceful_shutdown=1, ws="none", loop="asyncio",
        timeout_keep_alive=65,  # as gateways have it
    )  # fmt: skip
    server = _Server(config, _ready_line(box))
    if box.options.parent_pipe:
        _watch_input(asyncio.get_running_loop(), server.end)
    await server.serve(listeners)
    gate.close()


def _by_port(box: Context, storage: socket.socket, faults: FaultList) -> ASGIApp:
    """The storage's application on its listener, the API's on the other."""
    api, files, port = build_app(box), build_storage(box), storage.getsockname()[1]
    if box.options.faults:
        api = Control(api, box, faults)

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        chosen = files if scope["type"] == "http" and scope["server"][1] == port else api
        await chosen(scope, receive, send)

    return choose


def _watch_input(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Calls `end` when standard input closes: the pipe's other side closes with its owner, even by kill -9."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):  # not sys.stdin: its lock would be held at the end
                pass
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(end)

    threading.Thread(target=wait, name="parent", daemon=True).start()
