"""The demo in a browser: served from here alone, a program for each visitor, and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pyte
import pytest
from aiohttp.test_utils import TestClient, TestServer

from korus_tui.cli.browser import visitor
from korus_tui.cli.browser.server import MOST_VISITORS, DemoServer
from korus_tui.cli.parser import read
from korus_tui.terminal.app import TerminalApp

COMMAND = [sys.executable, "-m", "korus_tui", "demo", "--web", "--empty"]
SIZE = (120, 40)
PATIENCE = 60.0  # seconds


@pytest.fixture
def served() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a served demo, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    child = subprocess.Popen(
        [*COMMAND, f"--port={port}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    yield child.stdout.readline().strip(), child
    child.terminate()
    child.wait(10)


def test_the_page_fetches_nothing_from_elsewhere_and_the_server_ends_when_told(
    served: tuple[str, subprocess.Popen[str]],
) -> None:
    url, child = served
    with httpx.Client(base_url=url, transport=httpx.HTTPTransport(retries=5)) as client:
        page = _answered(client, "/")
        assert page.status_code == 200
        assert set(re.findall(r"https?://[^\"'` )]+", page.text)) == set()
        for named in re.findall(r"(?:href|src)=\"(static/[^\"]+)\"|url\(\"(static/[^\"]+)\"\)", page.text):
            assert client.get("/" + "".join(named)).status_code == 200
    child.send_signal(signal.SIGTERM)
    assert child.wait(10) == 0


async def test_a_page_elsewhere_starts_no_program_and_visitors_are_counted() -> None:
    server = DemoServer("true", "127.0.0.1", 8000)
    async with TestClient(TestServer(await server._make_app())) as client:
        assert (await client.get("/ws", headers={"Origin": "https://elsewhere.example"})).status == 403
        assert (await client.get("/")).status == 200
        server._visitors = MOST_VISITORS
        for path in ("/", "/ws"):
            answer = await client.get(path)
            assert answer.status == 503
            assert "All demos are taken" in await answer.text()


def test_an_address_that_others_reach_is_warned_of() -> None:
    with subprocess.Popen(
        [*COMMAND, "--host=0.0.0.0", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stderr is not None
        assert "can start programs of this account" in child.stderr.readline()
        child.terminate()


def test_each_visitor_gets_what_was_wished_for() -> None:
    said = visitor(read(["demo", "--web", "--language=fr", "--generation=tutorial", "--story"]))
    assert said[:5] == [sys.executable, "-m", "korus_tui", "demo", "--visitor"]
    assert {"--language=fr", "--generation=tutorial", "--story"} <= set(said)
    assert "--web" not in said


async def test_a_visitor_who_went_away_is_not_waited_for(tmp_path: Path) -> None:
    app = TerminalApp(tmp_path / "log", "korus-dark")
    app.ends_idle = 1.0
    async with app.run_test() as pilot:
        for _ in range(3):
            await asyncio.sleep(0.5)  # a visitor who types now and then; noqa: house
            await pilot.press("a")
            assert app.return_value is None
        async with asyncio.timeout(PATIENCE):
            while app.return_value is None:
                await pilot.pause(0.1)
    assert app.return_value == 0


def _answered(client: httpx.Client, path: str) -> httpx.Response:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return client.get(path)
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)  # between two tries; noqa: house


class Page:
    """A page of the browser, and what the terminal in it shows."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._screen = pyte.Screen(*SIZE)
        self._stream = pyte.ByteStream(self._screen)
        self.errors: list[str] = []
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", self._connected)

    def _connected(self, found: Any) -> None:
        said = parse_qs(urlsplit(found.url).query)
        self._screen.resize(int(said["height"][0]), int(said["width"][0]))
        found.on("framereceived", self._came)

    def _came(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self._stream.feed(frame)

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)

    def until(self, words: str) -> None:
        until = time.monotonic() + PATIENCE
        while words not in self.text:
            assert time.monotonic() < until, f"{words!r} never came:\n{self.text}"
            self._page.wait_for_timeout(100)
        self._page.wait_for_timeout(1000)  # a page takes no key before it can have been read

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self._page.wait_for_timeout(60)


@pytest.mark.long
def test_a_sale_by_keys_in_a_real_browser(served: tuple[str, subprocess.Popen[str]]) -> None:
    """The tutorial's sale, its reference read from the page; with the page its program and its sandbox end."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium here")
    playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    url, child = served
    with playwright() as made:
        browser = made.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page(viewport={"width": 1200, "height": 800})
        page = Page(opened)
        opened.goto(url)
        page.until("Puy du Fou 1 jour")
        opened.mouse.click(600, 700)  # the browser gives the keys to what was clicked
        page.press(*"argent", "Enter")
        page.until("per ticket")
        page.press("2", "Enter")
        page.until("choose a session")
        page.press("Enter")
        page.until("held 1")
        page.press("Enter")
        page.until("How is it paid?")
        page.press("w", "c", "=")
        page.until("in cash and books")
        page.press("F10")
        page.until("The order is complete")
        assert re.search(r"KT-ORD-[0-9A-F]{13}", page.text)
        assert page.errors == []
        assert _programs(child.pid)
        browser.close()
    until = time.monotonic() + PATIENCE
    while _programs(child.pid):
        assert time.monotonic() < until, "a visitor's program is left"
        time.sleep(0.2)  # between two looks; noqa: house


def _programs(parent: int) -> list[int]:
    """The visitors' programs and sandboxes: those in the session of the server but itself, and their children."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != parent:
            try:
                command = (entry / "cmdline").read_bytes()
                session = os.getsid(int(entry.name))
            except OSError:
                continue
            if session == parent and b"--visitor" in command:
                found.append(int(entry.name))
    return found
