"""The first start, by keys alone: each step that can fail, the files that are written, and the sandbox."""

from __future__ import annotations

import asyncio
import socket
import ssl
import stat
import subprocess
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

import pytest
import reading
from program import Program
from sandbox_process import SandboxProcess
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Static

from korus_tui.app.korus_app import KorusApp
from korus_tui.config.paths import Paths
from korus_tui.config.settings import load
from korus_tui.counter.setup.form import PRODUCTION, PRODUCTION_TOKENS, Typed
from korus_tui.screens.catalog.screen import CatalogScreen
from korus_tui.screens.common.confirm import ConfirmScreen
from korus_tui.screens.connect.form import ConnectForm
from korus_tui.screens.connect.screen import ConnectScreen
from korus_tui.screens.till.screen import TillPage

SECRET = "planted-secret-5511"
SANDBOX = {"client_secret": SECRET}


class Start(Program):
    """A program that was started for the first time."""

    def __init__(self, pilot: Pilot[int | None], paths: Paths) -> None:
        super().__init__(pilot)
        self.paths = paths

    @property
    def text(self) -> str:
        """All that can be read on the screen, in one line."""
        return " ".join(reading.text(self.app).split())

    @property
    def steps(self) -> str:
        """What the steps say, whatever their lines' width."""
        return " ".join(str(self.app.screen.query_one("#steps", Static).content).split())

    @property
    def form(self) -> ConnectForm:
        return self.app.screen.query_one(ConnectForm)

    async def type(self, **values: str) -> None:
        """Put values into fields, as typing would in the end."""
        for name, value in values.items():
            self.form.field(name).entry.value = value
            await self.pilot.pause()

    async def use(self, sandbox: SandboxProcess, **values: str) -> None:
        """Fill in the sandbox's address and credentials."""
        known = {"server": sandbox.base_url, "client_id": sandbox.client_id, "client_secret": SECRET}
        await self.type(**(known | {"token_endpoint": sandbox.token_endpoint} | values))

    async def failed(self) -> str:
        """Test the connection: what the steps say once one failed; nothing is written then."""
        await self.pilot.press("ctrl+s")
        await self.until(lambda: "Ctrl+S tests again" in self.text)
        assert not self.paths.config.exists()
        return self.steps


@asynccontextmanager
async def started(home: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Start]:
    """The program without a profile, at Connect."""
    paths = Paths.below(home)
    known, _notes = load(paths)
    app = KorusApp(None, ConnectScreen(paths, known), theme="korus-dark", log=paths.log_file)
    async with app.run_test(size=size) as pilot:
        start = Start(pilot, paths)
        await start.until(lambda: start.form.values["server"])
        yield start


@asynccontextmanager
async def listening(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server on this machine that answers every request with the same bytes; gives its host and port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        host, port = server.sockets[0].getsockname()[:2]
        yield f"{host}:{port}"


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """A server's side of a connection whose certificate nobody vouches for."""
    if which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def page(status: str, body: str) -> bytes:
    """An HTML page of something that is not the API."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return (head + body).encode()


async def test_success_writes_private_files_and_reaches_the_catalog(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        walk_in = {"first_name": "Client", "last_name": "Guichet", "email": "guichet@example.org"}
        await start.use(sandbox, name="front desk", till="till 7", agent="Léa", **walk_in)
        await start.pilot.press("ctrl+s")
        await start.until(lambda: isinstance(start.app.screen, CatalogScreen))
        await start.until(lambda: "Puy du Fou" in start.text)
        assert "DEMO" in start.text
        assert start.app.services.desk.counter.till == "till 7"
        for file in (start.paths.settings_file, start.paths.credentials_file):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert SECRET not in start.paths.settings_file.read_text()
        assert tomllib.loads(start.paths.credentials_file.read_text())["front desk"] == {"client_secret": SECRET}
        found = load(start.paths)[0].chosen()
        assert found is not None
        assert found[0] == "front desk"
        assert (found[1].agent, found[1].walk_in.email if found[1].walk_in else "") == ("Léa", "guichet@example.org")


async def test_a_ready_token_is_enough(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.type(server=sandbox.base_url, token=sandbox.token())
        await start.pilot.press("ctrl+s")
        await start.until(lambda: isinstance(start.app.screen, CatalogScreen))
        await start.until(lambda: "Puy du Fou" in start.text)
        assert set(tomllib.loads(start.paths.credentials_file.read_text())["main"]) == {"token"}


async def test_the_secret_is_never_seen_f36(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox)
        start.form.field("client_secret").entry.focus()
        await start.pilot.press("home", "shift+end", "ctrl+c", "ctrl+x")
        assert start.app.clipboard == ""
        assert SECRET not in start.text
        await start.pilot.press("ctrl+s")
        await start.until(lambda: isinstance(start.app.screen, CatalogScreen))
        connect = start.app.screen_stack[0]
        assert connect.query_one(ConnectForm).values["client_secret"] == ""
        await start.until(lambda: start.paths.log_file.exists())
        assert SECRET not in start.paths.log_file.read_text()


async def test_f01_a_server_that_refuses_is_named_and_tested_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox, server=f"http://127.0.0.1:{closed_port()}", token_endpoint=sandbox.token_endpoint)
        said = await start.failed()
        assert "server" in said
        assert "refuses the connection" in said
        assert "Check address and port" in said
        await start.use(sandbox)
        await start.pilot.press("ctrl+s")
        await start.until(lambda: isinstance(start.app.screen, CatalogScreen))


async def test_f01_a_name_that_is_not_known(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox, server="no-such-till.invalid", token_endpoint=sandbox.token_endpoint)
        said = await start.failed()
        assert "The name no-such-till.invalid is not known" in said
        assert "Check its spelling" in said


async def test_f25_a_certificate_of_nobody_is_refused(
    sandbox: SandboxProcess, tmp_path: Path, tls: ssl.SSLContext
) -> None:
    async with started(tmp_path / "home") as start, listening(page("200 OK", "hello"), tls) as address:
        await start.use(sandbox, server=f"https://{address}", token_endpoint=sandbox.token_endpoint)
        said = await start.failed()
        assert "server" in said
        assert f"The certificate of {address} was refused" in said
        assert "self-signed" in said


async def test_a_gateways_html_page_is_not_the_api(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start, listening(page("502 Bad Gateway", "<h1>502</h1>")) as address:
        await start.use(sandbox, server=f"http://{address}", token_endpoint=sandbox.token_endpoint)
        said = await start.failed()
        assert "server" in said
        assert "answered instead of it (502)" in said


async def test_some_other_web_server_is_not_the_api(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start, listening(page("200 OK", "<h1>Welcome</h1>")) as address:
        await start.use(sandbox, server=f"http://{address}", token_endpoint=sandbox.token_endpoint)
        said = await start.failed()
        assert "server" in said
        assert "answers, but not as the Korus Ticket API" in said


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"client_secret": "wrong"}, "The client id or the client secret was refused"),
        ({"client_id": "somebody"}, "The client id or the client secret was refused"),
        ({"token_endpoint": f"http://127.0.0.1:{closed_port()}/token"}, "Check the token address"),
    ],
)
async def test_a_refused_sign_in_is_the_step_that_fails(
    sandbox: SandboxProcess, tmp_path: Path, values: dict[str, str], words: str
) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox, **values)
        said = await start.failed()
        assert "answers" in said
        assert words in said
        assert "wrong" not in start.text


async def test_a_token_address_without_a_sign_in(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox, token_endpoint=f"{sandbox.base_url}/nothing/here")
        said = await start.failed()
        assert "gives no token at this address" in said


async def test_a_token_that_has_ended(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.type(server=sandbox.base_url, token="ended")
        said = await start.failed()
        assert "The token was refused" in said
        assert "ask for a new one" in said


async def test_no_catalog_says_whom_to_ask(sandbox: SandboxProcess, tmp_path: Path) -> None:
    empty = [{"path": "member", "value": []}, {"path": "totalItems", "value": 0}]
    sandbox.fault("replace", route="catalogs", edits=empty, skip=0, count=None)
    async with started(tmp_path) as start:
        await start.use(sandbox)
        said = await start.failed()
        assert "No catalog is open to this account" in said
        assert "Ask the Korus contact" in said


async def test_catalogs_that_are_forbidden_f15(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox)
        sandbox.fault("status", route="catalogs", status=403, skip=1, count=None)
        said = await start.failed()
        assert "catalogs" in said
        assert "This account may not do that" in said


async def test_a_renewal_address_of_its_own_is_kept(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox, refresh_endpoint="auth.example.org/renew me")
        assert "no blanks" in Typed.of(start.form.values).wrong()["refresh_endpoint"]
        await start.type(refresh_endpoint=sandbox.token_endpoint)
        await start.pilot.press("ctrl+s")
        await start.until(lambda: isinstance(start.app.screen, CatalogScreen))
        profile = load(start.paths)[0].profiles["main"]
        assert profile.refresh_endpoint == sandbox.token_endpoint


async def test_what_is_missing_stands_under_its_field(tmp_path: Path) -> None:
    async with started(tmp_path, size=(80, 24)) as start:
        await start.type(email="nobody")
        said = await start.failed()
        assert "said under its field" in said
        assert "The client id, or a token below, is needed" in start.text
        assert start.app.focused is start.form.field("client_id").entry
        assert start.form.field("email").error
        assert start.form.field("first_name").error


async def test_a_known_profile_is_replaced_only_after_asking(sandbox: SandboxProcess, tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.config.mkdir(mode=0o700)
    old = '[profiles.main]\nserver = "https://old.example"\n\n[profiles.other]\nserver = "https://other.example"\n'
    paths.settings_file.write_text(f'profile = "neither"\n{old}')
    async with started(tmp_path) as start:
        assert "Profiles here: main, other" in start.text
        await start.use(sandbox)
        await start.pilot.press("ctrl+s")
        await start.until(lambda: isinstance(start.app.screen, ConfirmScreen))
        await start.pilot.press("escape")
        await start.until(lambda: isinstance(start.app.screen, ConnectScreen))
        assert "https://old.example" in paths.settings_file.read_text()
        await start.pilot.press("ctrl+s")
        await start.until(lambda: isinstance(start.app.screen, ConfirmScreen) and start.app.screen.armed)
        await start.pilot.press("y")
        await start.until(lambda: isinstance(start.app.screen, CatalogScreen))
        written = tomllib.loads(paths.settings_file.read_text())
        assert written["profiles"]["main"]["server"] == sandbox.base_url
        assert written["profiles"]["other"]["server"] == "https://other.example"


async def test_what_is_wrong_in_the_settings_is_said_with_file_and_line_however_long_the_path(tmp_path: Path) -> None:
    home = tmp_path / "the-counters-of-all-the-parks" / "north-gate-and-car-park" / "korus-tui"
    paths = Paths.below(home)
    paths.config.mkdir(parents=True, mode=0o700)
    paths.settings_file.write_text('\n\ntheme = "pink"\n')
    async with started(home, size=(80, 24)) as start:
        assert "settings.toml, line 3: theme: " in start.text
        assert "korus-light" in start.text  # to the end of the sentence
        assert str(paths.settings_file) not in start.text
        await start.pilot.resize_terminal(200, 60)
        await start.until(lambda: str(paths.settings_file) in start.text)


async def test_a_folder_that_cannot_be_written(sandbox: SandboxProcess, tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.config.write_text("a file where the folder should be")
    async with started(tmp_path) as start:
        await start.use(sandbox)
        await start.pilot.press("ctrl+s")
        await start.until(lambda: "cannot be written" in start.steps)
        assert "saved" in start.steps
        assert isinstance(start.app.screen, ConnectScreen)


async def test_credentials_that_others_can_read_are_not_added_to(sandbox: SandboxProcess, tmp_path: Path) -> None:
    paths = Paths.below(tmp_path)
    paths.config.mkdir(mode=0o700)
    paths.credentials_file.write_text("")
    paths.credentials_file.chmod(0o644)
    async with started(tmp_path) as start:
        await start.use(sandbox)
        await start.pilot.press("ctrl+s")
        await start.until(lambda: "Mend the file" in start.text)
        assert "chmod 600" in start.text
        assert SECRET not in paths.credentials_file.read_text()
        assert not paths.settings_file.exists()


async def test_f2_sells_on_a_sandbox(tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.pilot.press("f2", "f2")
        await start.until(lambda: isinstance(start.app.screen, CatalogScreen))
        await start.until(lambda: "Puy du Fou" in start.text)
        assert "DEMO" in start.text
        assert not start.paths.config.exists()


async def test_productions_token_address_is_known_and_nobody_elses(tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.until(lambda: start.form.values["token_endpoint"] == PRODUCTION_TOKENS)
        await start.type(server="https://api.demo.korusticket.com")
        assert start.form.values["token_endpoint"] == ""
        await start.type(server=PRODUCTION)
        assert start.form.values["token_endpoint"] == PRODUCTION_TOKENS


async def test_a_long_token_is_pasted_whole(tmp_path: Path) -> None:
    token = "eyJ." + "a" * 3000 + ".sig"
    async with started(tmp_path) as start:
        entry = start.form.field("token").entry
        entry.focus()
        entry.post_message(Paste(f"  {token}\nmore"))
        await start.until(lambda: entry.value)
        assert entry.value == token


@pytest.mark.parametrize(
    ("server", "mode"),
    [(PRODUCTION, "live"), ("https://api.demo.korusticket.com", "demo"), ("http://127.0.0.1:8900", "demo")],
)
def test_only_a_real_server_sells_live(server: str, mode: str) -> None:
    assert Typed.of({"server": server, "token": "x", "till": "1", "language": "fr"}).profile().mode == mode


@pytest.mark.parametrize(
    "server", ["http://api.korusticket.com", "https://a:b@api.korusticket.com", "ftp://x", "https://", "https://x y"]
)
def test_an_address_that_is_not_safe_to_send_a_secret_to(server: str) -> None:
    assert "server" in Typed.of({"server": server, "token": "x"}).wrong()


def test_secrets_are_not_in_what_is_printed() -> None:
    typed = Typed.of({"server": PRODUCTION, "client_secret": SECRET, "token": SECRET})
    assert SECRET not in repr(typed)
    assert SECRET not in repr(typed.secrets())


async def test_a_typed_address_takes_the_place_of_the_usual_one_c23(tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.until(lambda: start.form.values["server"] == PRODUCTION)
        await start.press(*"http://127.0.0.1:9")
        assert start.form.values["server"] == "http://127.0.0.1:9"


async def test_the_settings_are_opened_again_from_the_program_c23(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async with started(tmp_path) as start:
        await start.use(sandbox, name="front", till="till 1")
        await start.pilot.press("ctrl+s")
        await start.on(CatalogScreen)
        secrets = start.paths.credentials_file.read_text()
        await start.pilot.press("ctrl+e")
        await start.on(TillPage)
        await start.until(lambda: start.app.services.opened)
        await start.pilot.press("c")
        await start.until(lambda: isinstance(start.app.screen, ConnectScreen) and start.form.values["name"] == "front")
        assert start.form.values["server"] == sandbox.base_url
        assert start.form.values["client_secret"] == ""
        assert SECRET not in start.text
        await start.type(first_name="Walk-in", last_name="Customer", email="walk-in@example.org")
        await start.pilot.press("ctrl+s")
        await start.until(lambda: "saved" in start.steps and "settings.toml" in start.steps)
        known, _notes = load(start.paths)
        profile = known.profiles["front"]
        assert profile.walk_in is not None
        assert profile.walk_in.email == "walk-in@example.org"
        assert profile.client_id == sandbox.client_id
        assert start.paths.credentials_file.read_text() == secrets
        await start.pilot.press("escape")
        await start.on(TillPage)
