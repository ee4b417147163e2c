"""A secret is changed while the till sells: the next call reads it again, and nothing is started anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from counter_home import settle_in
from sandbox_process import SandboxProcess

from korus_tui.api.client import KorusClient
from korus_tui.api.errors import SignInRefused
from korus_tui.config import credentials, settings
from korus_tui.config.credentials import Secrets
from korus_tui.config.paths import Paths
from korus_tui.config.settings import Profile
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.core.connection import Connection


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess(client_secret="secret-of-monday") as running:
        yield running


class FromFiles:
    """A line that reads its settings and credentials from files, as the program does, and counts how often."""

    def __init__(self, home: Path) -> None:
        self.paths = Paths.below(home)
        self.read = 0
        self.line = Connection(self.where, ServerClock(), "korus-tui/test")

    async def where(self) -> tuple[Profile, Secrets]:
        self.read += 1
        chosen = settings.load(self.paths)[0].chosen()
        assert chosen is not None
        return chosen[1], credentials.secrets_of(chosen[0], self.paths)

    def write(self, secret: str) -> None:
        """Change the secret, as an administrator would."""
        self.paths.credentials_file.write_text(f'[counter]\nclient_secret = "{secret}"\n')

    async def ask(self) -> int:
        """How many catalogs there are."""

        async def catalogs(client: KorusClient) -> int:
            return len((await client.ticketing.catalogs(language="en").all()).members)

        return await self.line.ask(catalogs)


@pytest.fixture
async def counter(tmp_path: Path, sandbox: SandboxProcess) -> AsyncIterator[FromFiles]:
    settle_in(tmp_path, sandbox)
    made = FromFiles(tmp_path)
    yield made
    await made.line.close()


async def test_a_secret_that_is_mended_is_used_without_a_restart(counter: FromFiles) -> None:
    counter.write("secret-of-sunday")
    with pytest.raises(SignInRefused):
        await counter.ask()
    counter.write("secret-of-monday")
    assert await counter.ask() == 2


async def test_the_secret_is_rotated_at_the_server_while_the_till_sells(
    counter: FromFiles, sandbox: SandboxProcess
) -> None:
    assert await counter.ask() == 2
    client, read = await counter.line.client(), counter.read
    port = sandbox.base_url.rpartition(":")[2]
    sandbox.stop()
    with SandboxProcess(client_secret="secret-of-tuesday", port=port):  # knows neither the old secret nor its tokens
        counter.write("secret-of-tuesday")
        assert await asyncio.gather(*(counter.ask() for _ in range(4))) == [2, 2, 2, 2]
        assert await counter.line.client() is client
        assert counter.read == read + 1


async def test_a_refusal_that_nobody_mended_is_told_as_it_is(counter: FromFiles) -> None:
    counter.write("secret-of-sunday")
    for _ in range(2):
        with pytest.raises(SignInRefused) as refused:
            await counter.ask()
    assert refused.value.code == "invalid_client"
    assert "secret-of-sunday" not in repr(refused.value) + str(refused.value)


async def test_credentials_that_cannot_be_read_again_leave_the_refusal(counter: FromFiles) -> None:
    counter.write("secret-of-sunday")
    with pytest.raises(SignInRefused):
        await counter.ask()
    counter.paths.credentials_file.chmod(0o644)
    with pytest.raises(SignInRefused):
        await counter.ask()
    counter.paths.credentials_file.chmod(0o600)
    counter.write("secret-of-monday")
    assert await counter.ask() == 2


async def test_a_token_that_ended_is_read_again(counter: FromFiles, sandbox: SandboxProcess) -> None:
    file = counter.paths.credentials_file
    file.write_text(f'[counter]\ntoken = "{sandbox.token()}"\n')
    assert await counter.ask() == 2
    sandbox.control("revoke")
    with pytest.raises(SignInRefused):
        await counter.ask()
    file.write_text(f'[counter]\ntoken = "{sandbox.token()}"\n')
    assert await counter.ask() == 2
