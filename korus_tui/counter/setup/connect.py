"""Finding out whether a profile can sell, step by step, so that the step that fails is named."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from korus_tui.config.credentials import CredentialsOpen, Secrets, save_profile
from korus_tui.config.paths import Paths
from korus_tui.config.secret import Secret
from korus_tui.config.settings import Profile
from korus_tui.counter.core.clock import ServerClock
from korus_tui.counter.core.connection import Connection
from korus_tui.counter.core.problems import Doing, of
from korus_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from korus_tui.api.errors import ApiError
    from korus_tui.api.hydra import Page
    from korus_tui.api.models import ticketing as api

_NOBODY = Secrets(token=Secret("connection-test"))  # whether a server answers is asked before it is told a secret


class ConnectStage(StrEnum):
    """The steps, in their order."""

    ADDRESS = "address"
    SERVER = "server"
    SIGN_IN = "sign-in"
    CATALOGS = "catalogs"
    SAVED = "saved"


class Outcome(StrEnum):
    """How far a step is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it stands: `words` say what was found, `next` what to do about a failure; never a secret."""

    stage: ConnectStage
    outcome: Outcome
    words: str = ""
    next: str = ""


async def test(
    profile: Profile,
    secrets: Secrets,
    version: str,
    clock: ServerClock | None = None,  # noqa: PT028 - it tests a connection
) -> AsyncIterator[Step]:
    """Each step as it begins and ends; after one that fails there is no other. Raises nothing of the API's.

    `clock` learns the server's time.
    """
    clock = clock or ServerClock()
    yield Step(ConnectStage.ADDRESS, Outcome.DONE, profile.server)
    yield Step(ConnectStage.SERVER, Outcome.RUNNING, _("asking {host}").format(host=_host(profile.server)))
    failed = await _reach(profile, version, clock)
    yield failed or Step(ConnectStage.SERVER, Outcome.DONE, _("{host} answers").format(host=_host(profile.server)))
    if failed:
        return
    yield Step(ConnectStage.SIGN_IN, Outcome.RUNNING, _host(profile.token_endpoint or profile.server))
    for step in await _sign_in(profile, secrets, version, clock):
        yield step


async def _ask(profile: Profile, secrets: Secrets, version: str, clock: ServerClock) -> Page[api.Catalog] | Exception:
    """The catalogs, or why they did not come."""

    async def where() -> tuple[Profile, Secrets]:
        return profile, secrets

    line = Connection(where, clock, f"korus-tui/{version}")
    try:
        return await line.ask(lambda client: client.ticketing.catalogs(language=profile.customer_language).all())
    except Exception as error:  # whatever it is, it is told as the outcome of a step
        return error
    finally:
        await line.close()


async def _reach(profile: Profile, version: str, clock: ServerClock) -> Step | None:
    """Whether the server is there and is the API; None where it is: refusing a stranger is an answer too."""
    from korus_tui.api import errors  # first frame

    answer = await _ask(profile, _NOBODY, version, clock)
    lost = (errors.NotSent, errors.TimedOut, errors.ConnectionLost, errors.ProxyAnswer)
    stranger = (errors.NotFound, errors.Malformed, errors.RedirectRefused, errors.TooLarge)
    host = _host(profile.server)
    if isinstance(answer, stranger):
        what = _("{host} answers, but not as the Korus Ticket API.").format(host=host)
        return Step(ConnectStage.SERVER, Outcome.FAILED, what, _("Check the server's address."))
    if isinstance(answer, lost) or (isinstance(answer, Exception) and not isinstance(answer, errors.ApiError)):
        return Step(ConnectStage.SERVER, Outcome.FAILED, *_unreachable(answer, host))
    return None


def _unreachable(error: Exception, host: str) -> tuple[str, str]:  # noqa: PLR0911 - one cause a line
    """Why no connection came about, and what to do."""
    from korus_tui.api import errors  # first frame

    if isinstance(error, errors.TlsRefused):
        what = _("The certificate of {host} was refused: {reason}.").format(host=host, reason=error.reason or "TLS")
        return what, _("Check the address; else ask whoever runs it. Nothing is sent without a good certificate.")
    if isinstance(error, errors.ProxyAnswer):
        what = _("Something between us and {host} answered instead of it ({status}).")
        return what.format(host=host, status=error.status), _("Check the address, then ask who runs the network.")
    causes = _causes(error)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _("The name {host} is not known.").format(host=host), _("Check its spelling, and this host's network.")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return _("{host} refuses the connection.").format(host=host), _("Check address and port; is the server on?")
    if isinstance(error, errors.NotSent):
        return _("No connection to {host} came about.").format(host=host), _("Check this host's network.")
    if isinstance(error, (errors.TimedOut, errors.ConnectionLost)):
        return _("{host} was reached and gave no whole answer.").format(host=host), _("Try again in a moment.")
    problem = of(error, Doing.READ)
    return problem.what, problem.next


def _causes(error: BaseException | None) -> list[BaseException]:
    """The error and all that it came from, members of groups too."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or one in found:
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return found


async def _sign_in(profile: Profile, secrets: Secrets, version: str, clock: ServerClock) -> tuple[Step, ...]:
    """Sign in and read the catalogs: one call needs both, its error says which of them failed."""
    from korus_tui.api import errors  # first frame

    answer = await _ask(profile, secrets, version, clock)
    if isinstance(answer, errors.SignInRefused) or getattr(answer, "operation", "") == "sign_in":
        assert isinstance(answer, errors.ApiError)
        return (Step(ConnectStage.SIGN_IN, Outcome.FAILED, *_not_signed_in(answer, profile)),)
    signed_in = Step(ConnectStage.SIGN_IN, Outcome.DONE, _("the API takes the token"))
    if isinstance(answer, Exception):
        problem = of(answer, Doing.READ)
        return signed_in, Step(ConnectStage.CATALOGS, Outcome.FAILED, problem.what, problem.next)
    return signed_in, _catalogs(answer)


def _not_signed_in(error: ApiError, profile: Profile) -> tuple[str, str]:
    """Why the sign-in failed, and what to do; the server's own sentence is left out: some quote the secret in it."""
    from korus_tui.api import errors  # first frame

    if isinstance(error, errors.SignInRefused):
        if profile.client_id is None:
            return _("The token was refused."), _("It may have come to its end: ask for a new one.")
        if error.code in ("", "invalid_client", "unauthorized_client"):
            return _("The client id or the client secret was refused."), _("Check both.")
        return _("The sign-in was refused ({code}).").format(code=error.code), _("Ask the Korus contact.")
    host = _host(profile.token_endpoint or profile.server)
    if isinstance(error, (errors.Refused, errors.Malformed, errors.RedirectRefused)):
        return _("{host} gives no token at this address.").format(host=host), _("Check the token address.")
    if isinstance(error, (errors.NotSent, errors.TimedOut, errors.ConnectionLost, errors.ProxyAnswer)):
        what, _next = _unreachable(error, host)
        return what, _("Check the token address.")
    problem = of(error, Doing.SIGN_IN)
    return problem.what, problem.next


def _catalogs(page: Page[api.Catalog]) -> Step:
    if not page.members:
        if page.rejected:
            what = _("The catalogs could not be understood.")
            return Step(ConnectStage.CATALOGS, Outcome.FAILED, what, _("Check the server's address."))
        what = _("No catalog is open to this account.")
        then = _("Ask the Korus contact of your organization for access.")
        return Step(ConnectStage.CATALOGS, Outcome.FAILED, what, then)
    names = ", ".join(one.name for one in page.members[:5])
    count = len(page.members)
    said = ngettext("{count} catalog: {names}", "{count} catalogs: {names}", count).format(count=count, names=names)
    return Step(ConnectStage.CATALOGS, Outcome.DONE, said)


async def keep(paths: Paths, name: str, profile: Profile, secrets: Secrets) -> Step:
    """Write the profile and its secrets, readable by their owner alone; what fails is the step's outcome."""
    try:
        await asyncio.to_thread(save_profile, paths, name, profile, secrets)
    except CredentialsOpen as error:
        return Step(ConnectStage.SAVED, Outcome.FAILED, str(error), _("Mend the file, then try again."))
    except OSError as error:
        what = _("{folder} cannot be written: {reason}.").format(folder=paths.config, reason=error.strerror)
        return Step(ConnectStage.SAVED, Outcome.FAILED, what, _("Give this account its folder, then try again."))
    except (ValueError, TypeError):  # what is in the file already is no TOML, or has a value where tables belong
        what = _("{file} is not a settings file.").format(file=paths.settings_file)
        return Step(ConnectStage.SAVED, Outcome.FAILED, what, _("Mend it or move it away, then try again."))
    return Step(ConnectStage.SAVED, Outcome.DONE, str(paths.settings_file))


def _host(address: str) -> str:
    return urlsplit(address).netloc
