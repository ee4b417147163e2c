"""What went wrong, for the agent: what happened, what it means for money and places, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from korus_tui.i18n import _, ngettext

# The errors are imported where one has come: the first frame shows none.
if TYPE_CHECKING:
    from korus_tui.api import errors as api


class Doing(StrEnum):
    """What the counter was doing; it decides what a failure means."""

    READ = "read"
    HOLD = "hold"
    ORDER = "order"
    DOCUMENT = "document"
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure in words. `words` are the API's own, shown beside ours; `fields` are its complaints by wire path.

    `of_line`: no answer came, which is no longer so once one does.
    """

    what: str
    meaning: str
    next: str = ""
    words: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    grave: bool = False
    of_line: bool = False

    @property
    def explained(self) -> str:
        """The meaning, the API's own words behind it."""
        return f"{self.meaning} ({self.words})" if self.words else self.meaning

    def __str__(self) -> str:
        """All of it in one line."""
        return " ".join(part for part in (self.what, self.explained, self.next) if part)


class CounterError(Exception):
    """A use case could not do what it was asked; carries the problem to show."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


def nothing_ordered() -> str:
    """What it means for the money that an order call surely had no effect."""
    return _("Nothing was ordered. What was paid stays recorded on this sale.")


def _meaning(doing: Doing, *, nothing_done: bool) -> str:
    if doing is Doing.HOLD:
        return _("No place is held.") if nothing_done else _("Places may be held; they lapse by themselves.")
    if doing is Doing.ORDER:
        return (
            nothing_ordered()
            if nothing_done
            else _("We do not know yet whether the order went through. Do not charge again.")
        )
    if doing is Doing.DOCUMENT:
        return _("The order itself is complete and stays so.")
    return _("Nothing was changed; no money and no place is touched.")


def of(error: Exception, doing: Doing) -> Problem:
    """The problem that an error of the API, or of ours, is at this point of the sale."""
    from korus_tui.api import errors as api  # first frame
    from korus_tui.counter.core import journal_trouble as trouble  # first frame

    if isinstance(error, CounterError):
        return error.problem
    if trouble.is_trouble(error):
        found = trouble.of(error)
        meaning = _("Nothing was recorded: take no money, until this is mended.")
        return Problem(found.what, meaning, found.advice, grave=True)
    what, then, words = _said(error)
    unknown = isinstance(error, api.OutcomeUnknown) or (isinstance(error, api.NotNow) and error.may_have_happened)
    fields: tuple[tuple[str, str], ...] = ()
    if isinstance(error, api.Invalid):
        fields = tuple((violation.path, violation.message) for violation in error.violations)
    of_line = isinstance(error, api.NotSent | api.TimedOut | api.ConnectionLost)
    return Problem(what, _meaning(doing, nothing_done=not unknown), then, words, fields, of_line=of_line)


def _said(error: Exception) -> tuple[str, str, str]:
    """What happened · the next step · the API's own words."""
    from korus_tui.api import errors as api  # first frame

    again = _("Try again.")
    match error:
        case api.NotSent():
            return _not_sent(error)
        case api.SignInRefused():
            return _("The sign-in was refused."), _("Check the client id and secret, or the token."), error.detail
        case api.Forbidden():
            return _("This account may not do that."), _("Ask the Korus contact of your organization."), error.detail
        case api.NotFound():
            return _("It is no longer there."), _("Refresh the list and choose again."), error.detail
        case api.Invalid():
            return _("The API refused the request."), _("Change what it names and try again."), _violations(error)
        case api.Refused():
            return _("The API refused the request."), again, error.detail or error.title
        case api.NotNow():
            return _("The API asks us to wait."), again, ""
        case api.OutcomeUnknown():
            return _unclear(error), _("We are looking it up."), error.words
        case api.TimedOut() | api.ConnectionLost():
            return _("No answer came in time."), again, ""
        case api.ServerFailed():
            return _("The API failed on its side."), again, ""
        case api.ProxyAnswer():
            return _("Something between us and the API answered instead of it."), _("Check the server's address."), ""
        case api.Malformed():
            return not_read(error), again, ""
        case api.TooLarge():
            return _("An answer was too large and was cut off."), again, ""
        case api.RedirectRefused():
            return _("The server points to another host; we did not follow."), _("Check the server's address."), ""
        case api.LinkRefused():
            return _("The document's link is not safe to follow."), _("Ask for the document again."), error.reason
        case _:
            return _("Something unexpected failed ({kind}).").format(kind=type(error).__name__), again, ""


def not_understood(resource: str, field: str, incident: str | None = None) -> str:
    """That an answer came and could not be read: neither a failure nor silence. `incident` stands in the log."""
    said = _("Korus answered, and this till does not understand it ({place}).")
    return said.format(place=place(resource, field, incident))


def not_read(error: api.Malformed) -> str:
    """What of an answer could not be read; of orders that a list counts and does not give, how many."""
    if error.short and error.resource == "Order":
        return f"{Unread(error.count, error).words}."
    return not_understood(error.resource, error.field, error.request_id)


@dataclass(frozen=True, slots=True)
class Unread:
    """Members of a list that came and were not understood; `first` says what of the first one."""

    count: int
    first: Exception

    @classmethod
    def of(cls, *rejected: Sequence[api.Malformed]) -> Self | None:
        """Those of some pages; None where everything was understood."""
        every = [one for some in rejected for one in some]
        return cls(sum(one.count for one in every), every[0]) if every else None

    @classmethod
    def together(cls, some: Iterable[Self | None]) -> Self | None:
        """Those of several lists."""
        found = [one for one in some if one is not None]
        return cls(sum(one.count for one in found), found[0].first) if found else None

    @property
    def words(self) -> str:
        """How many, with the number under which the log has them."""
        incident = getattr(self.first, "request_id", None)
        resource = getattr(self.first, "resource", "")
        if resource == "OfferTicket":
            said = ngettext(
                "{count} ticket of the offer could not be read (incident {incident})",
                "{count} tickets of the offer could not be read (incident {incident})",
                self.count,
            )
        elif resource == "Offer":
            said = ngettext(
                "{count} offer could not be read (incident {incident})",
                "{count} offers could not be read (incident {incident})",
                self.count,
            )
        elif resource == "Order":
            said = ngettext(
                "{count} order could not be read (incident {incident})",
                "{count} orders could not be read (incident {incident})",
                self.count,
            )
        else:
            said = ngettext(
                "{count} session could not be read (incident {incident})",
                "{count} sessions could not be read (incident {incident})",
                self.count,
            )
        return said.format(count=self.count, incident=incident or "—")

    @property
    def problem(self) -> Problem:
        """What it means: what is not shown may be sold all the same."""
        meaning = _("What it is for may be sold all the same; no money and no place is touched.")
        return Problem(
            f"{self.words}.",
            meaning,
            _("‹offers.refresh|today.refresh|order.refresh|documents.ask|reprint.ask› asks again"),
        )


def place(resource: str, field: str, incident: str | None = None) -> str:
    """What of an answer was not understood, and the number under which the log has it."""
    found = ", ".join(part for part in (resource, field) if part)
    return _("{place}; incident {incident}").format(place=found, incident=incident) if incident else found


def _unclear(error: api.OutcomeUnknown) -> str:
    """What came in place of a usable answer."""
    if error.resource:
        return not_understood(error.resource, error.field, error.request_id)
    if error.status is None or not error.answered:
        return _("No answer came back.")
    if error.status == 401:
        return _("The answer was that the sign-in had ended (401); whether it was done is not known.")
    return _("The answer was {status}; whether it was done is not known.").format(status=error.status)


def _not_sent(error: api.NotSent) -> tuple[str, str, str]:
    from korus_tui.api import errors as api  # first frame
    from korus_tui.config.credentials import CredentialsOpen  # first frame

    if isinstance(error, api.TlsRefused):
        return _("The server's certificate was refused."), _("Ask whoever runs this host; do not sell through it."), ""
    if isinstance(error.__cause__, CredentialsOpen):
        return (
            _("There is nothing to sign in with."),
            _("Mend the credentials file, then try again."),
            str(error.__cause__),
        )
    cause = error.__cause__
    if isinstance(cause, api.ApiError) and cause.status is not None:
        said = _("The sign-in was answered, and this till does not understand it ({status}).")
        return said.format(status=cause.status), _("Check the sign-in's address."), ""
    return _("The server cannot be reached."), _("Check the line, then try again."), ""


def _violations(error: api.Invalid) -> str:
    return " · ".join(violation.message for violation in error.violations[:3]) or error.detail
