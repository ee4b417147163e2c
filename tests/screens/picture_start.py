"""How to come to what is seen around a sale: the first start, trouble, help, what is found by words, the quick line."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from pathlib import Path

from picture_cart import cart
from picture_kit import NOW, State, Studio, place
from picture_selling import catalog, keep
from till import Till

from korus_tui.config.settings import load
from korus_tui.counter.core import journal_trouble as trouble
from korus_tui.journal import errors
from korus_tui.screens.common.problem import ProblemScreen
from korus_tui.screens.common.take_over import TakeOverScreen
from korus_tui.screens.connect.form import ConnectForm
from korus_tui.screens.connect.screen import ConnectScreen

JOURNAL = Path("/var/lib/korus-tui/till-3.journal")
TOO_SMALL = ((79, 24), (60, 20), (30, 8))


# The first start


def connect_screen(till: Till) -> ConnectScreen:
    known, _notes = load(till.paths)
    return ConnectScreen(till.paths, known)


@place
async def connect(one: Studio) -> None:
    await one.until(lambda: one.screen.query_one(ConnectForm).values["server"])


async def known_profile(one: Studio) -> None:
    await connect(one)
    await fill(one)
    await one.to("ConfirmScreen", "ctrl+s")


def with_profile(till: Till) -> ConnectScreen:
    till.paths.config.mkdir(mode=0o700, exist_ok=True)
    profile = '[profiles.main]\nserver = "https://old.example"\n\n[profiles.other]\nserver = "https://other.example"\n'
    till.paths.settings_file.write_text(profile)
    return connect_screen(till)


async def fill(one: Studio, **values: str) -> None:
    """Address and credentials of the sandbox, but for what is given."""
    sandbox = one.sandbox
    known = {"server": sandbox.base_url, "client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    for name, value in (known | {"token_endpoint": sandbox.token_endpoint, "email": ""} | values).items():
        one.screen.query_one(ConnectForm).field(name).entry.value = value
        await one.pilot.pause()


async def wrong_typed(one: Studio) -> None:
    await connect(one)
    one.screen.query_one(ConnectForm).field("email").entry.value = "nobody"
    await one.press("ctrl+s")


async def tested(one: Studio) -> None:
    """The test has ended with a step that failed."""
    await one.press("ctrl+s")
    await one.until(lambda: one.screen._steps and not one.screen._busy)


async def refused(one: Studio) -> None:
    await connect(one)
    await fill(one, server="http://127.0.0.1:9")
    await tested(one)


async def wrong_secret(one: Studio) -> None:
    await connect(one)
    await fill(one, client_secret="wrong")
    await tested(one)


async def certificate(one: Studio) -> None:
    """A server whose certificate nobody vouches for."""
    await connect(one)
    context = await asyncio.to_thread(_of_nobody, one.till.home)
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        one.scrubbed[str(port)] = "48443"
        await fill(one, server=f"https://127.0.0.1:{port}")
        await tested(one)


def _of_nobody(home: Path) -> ssl.SSLContext:
    key, made = home / "key.pem", home / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    return context


# Trouble


async def take_over(one: Studio) -> None:
    await catalog(one)
    holder = errors.Holder(4711, "counter-2", NOW)
    found = trouble.of(errors.JournalLocked(JOURNAL, holder=holder))
    one.app.push_screen(TakeOverScreen(found, one.services.local))
    await one.until(lambda: one.at("take_over"))


async def damaged(one: Studio) -> None:
    await catalog(one)
    one.app.push_screen(ProblemScreen(trouble.of(errors.JournalBroken(JOURNAL, "entry 17"))))
    await one.until(lambda: one.at("problem"))


async def in_trouble(one: Studio, error: Exception) -> None:
    """The journal cannot be written, and does not heal while the picture is taken."""
    await cart(one)

    async def unhealed(*, write: bool = False) -> None:
        """The trouble stays."""

    one.services.desk.ledger.check = unhealed  # type: ignore[method-assign]
    one.services.desk.ledger.cannot_use(error)
    one.screen.sale_changed()


async def disk_full(one: Studio) -> None:
    await in_trouble(one, errors.JournalFull(JOURNAL))


async def taken_over(one: Studio) -> None:
    holder = errors.Holder(4712, "counter-2", NOW)
    await in_trouble(one, errors.JournalTakenOver(JOURNAL, holder=holder))


# Help, and what is found by words


async def help_page(one: Studio) -> None:
    await cart(one)
    await one.press("question_mark")
    await one.until(lambda: one.at("HelpScreen"))


async def palette(one: Studio, words: str = "") -> None:
    await catalog(one)
    await one.press("ctrl+p")
    await one.until(lambda: one.at("palette"))
    await one.type(words)


async def quick(one: Studio, words: str, favourite: str = "Puy du Fou 1 jour Adulte + Cinéscénie Argent") -> None:
    await catalog(one)
    if favourite:
        keep(one, favourite)
    await one.type(f":{words}")
    await one.until(lambda: one.at("quick") and one.screen.read.text == words)
    if words and one.screen.read.good:
        await one.until(lambda: one.screen.quotes is not None)


START: dict[str, State] = {
    "connect": State(connect, opened=False, first=connect_screen),
    "connect-wrong": State(wrong_typed, opened=False, first=connect_screen),
    "connect-refused": State(refused, opened=False, first=connect_screen),
    "connect-secret": State(wrong_secret, opened=False, first=connect_screen),
    "connect-certificate": State(certificate, opened=False, first=connect_screen),
    "connect-replace": State(known_profile, opened=False, first=with_profile, quiet=False),
    "take-over": State(take_over),
    "journal-damaged": State(damaged),
    "disk-full": State(disk_full),
    "taken-over": State(taken_over),
    "too-small": State(catalog, sizes=TOO_SMALL),
    "help": State(help_page),
    "palette": State(palette),
    "palette-found": State(lambda one: palette(one, "3 enfant argent")),
    "palette-none": State(lambda one: palette(one, "zzz")),
    "quick": State(lambda one: quick(one, "")),
    "quick-read": State(lambda one: quick(one, "2a2c 20h +1 !$=")),
    "quick-several": State(lambda one: quick(one, "2a2c 20h; 1 parking voiture; 2 audio +1")),
    "quick-ambiguous": State(lambda one: quick(one, "2a2c arg 20h", "")),
    "quick-unknown": State(lambda one: quick(one, "2a2c argnet 20h")),
    "quick-no-session": State(lambda one: quick(one, "2a2c 21h")),
}
