"""The program's settings: defaults < site file < user file < environment < command line."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from korus_tui import i18n
from korus_tui.config.layers import Layers, Note, Source, read_file
from korus_tui.config.paths import Paths
from korus_tui.config.tables import Place, Wrong, fit, read

if TYPE_CHECKING:
    Language = str
else:
    Language = Literal[i18n.languages()]

DEFAULT: Final = "default"
_FREE_CONTROLS: Final = "\x02\x1c\x1d\x1e\x1f"  # Ctrl+B and those without a letter: no key of ours or of a field
_WRITTEN: Final = "!\"#$%&'()*+,-./:;<=>?@[]_{}"  # in names, addresses, dates, amounts, quick lines and reasons
_OBEYED: Final = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # control, format, surrogate and private signs, line ends
# Never the server's addresses: whoever may set a variable of this session could have the secret sent elsewhere.
VARIABLES: Final = {
    "KORUS_PROFILE": "profile",
    "KORUS_TILL": "till",
    "KORUS_AGENT": "agent",
    "KORUS_CATALOG": "catalog",
    "KORUS_CUSTOMER_LANGUAGE": "customer_language",
    "KORUS_LANGUAGE": "language",
    "KORUS_THEME": "theme",
    "KORUS_LOG_LEVEL": "log_level",
}
OF_PROFILE: Final = ("till", "agent", "catalog", "customer_language")
OWN: Final = (
    "language",
    "theme",
    "limits",
    "agents",
    "needs",
    "blind",
    "save_folder",
    "print_command",
    "scanner",
    "mouse",
    "start_screen",
    "sticky_date",
)
"""What a profile may say otherwise than the program's own settings."""


@dataclass(frozen=True)
class WalkIn:
    """The customer of an anonymous counter sale; the API requires one, and the program never invents it."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    country: str = ""

    def check(self) -> None:
        """All three that the API requires are there. Raises Wrong."""
        if not (self.first_name.strip() and self.last_name.strip() and "@" in self.email):
            raise Wrong("needs a first name, a last name and an e-mail address")


@dataclass(frozen=True)
class Limits:
    """Limits of the counter: the gates in seconds, and how often a hold is renewed (docs/rules.md, Payment gate)."""

    gate_cash: int = 180
    gate_card: int = 300
    renewals: int = 2


Role = Literal["agent", "supervisor"]


@dataclass(frozen=True)
class Agents:
    """The counter's people, where they have PINs (docs/rules.md, Who may)."""

    pin_digits: int = 6  # at least, of a new PIN
    lock_minutes: int = 5  # without a key, after which the page is covered; 0 is never
    copies: int = 2  # of a document, beyond which `needs.more_copies` decides
    difference: int = 10  # over or short at a Z in the drawer's money, beyond which `needs.z_difference` decides
    begin_anew: bool = False  # where there were PINs and `agents.json` was taken away, somebody is the first again

    def check(self) -> None:
        """A PIN that is one, and no number below zero. Raises Wrong."""
        if not 4 <= self.pin_digits <= 12:
            raise Wrong("must be 4 to 12", "pin_digits")
        for name in ("lock_minutes", "copies", "difference"):
            if getattr(self, name) < 0:
                raise Wrong("must not be below zero", name)


@dataclass(frozen=True)
class Needs:
    """Whose word each of these acts needs, where agents have PINs. A supervisor gives it at the counter, act by act."""

    refund_after_handover: Role = "supervisor"
    cancellation_after_handover: Role = "supervisor"
    void_after_handover: Role = "supervisor"
    more_copies: Role = "supervisor"
    documents_given_back: Role = "supervisor"
    cash_out: Role = "supervisor"
    difference_borne: Role = "supervisor"
    close_by_hand: Role = "supervisor"
    z_difference: Role = "supervisor"
    take_over: Role = "supervisor"
    agents: Role = "supervisor"


@dataclass(frozen=True)
class Scanner:
    """What a barcode scanner types before and after each code; without a prefix there is none.

    Both should be signs that no printed code holds and nobody types, such as "\\u0002" and "\\u0003". What people type,
    and what is a key of the program or of a field, cannot be a prefix (docs/tills.md, A scanner).
    """

    prefix: str = ""
    end: str = "\r"

    def check(self) -> None:
        """One sign each, and no sign that people type. Raises Wrong."""
        sign = self.prefix
        kept = sign not in _FREE_CONTROLS and (not sign.isprintable() or sign.isspace() or sign in _WRITTEN)
        if len(sign) > 1 or sign.isalnum() or (sign and kept):
            raise Wrong('must be one sign that nobody types and no key sends, such as "\\u0002" or "~"', "prefix")
        if len(self.end) != 1 or self.end == self.prefix or self.end.isalnum():
            raise Wrong('must be one sign after the code, such as "\\r" or "\\u0003"', "end")


@dataclass(frozen=True)
class LargestScreen:
    """How much of a larger terminal is painted: a client may claim any size, and every cell costs memory."""

    columns: int = 500
    lines: int = 200

    def check(self) -> None:
        """Enough to sell on. Raises Wrong."""
        if self.columns < 80 or self.lines < 24:
            raise Wrong("must be at least 80 columns and 24 lines")


@dataclass(frozen=True)
class Audit:
    """Where the journals' newest number and hash are kept besides: a folder, or a command of another account."""

    copy: str = ""


@dataclass(frozen=True)
class Profile:
    """One server to sell through, and the counter that sells."""

    server: str
    earlier_server: str | None = (
        None  # without its path: what earlier versions recorded sales of this very server under
    )
    token_endpoint: str | None = None
    refresh_endpoint: str | None = None  # where a token is renewed, if that is another address
    client_id: str | None = None
    catalog: str | None = None
    generation: Literal["auto", "tutorial", "release"] = "auto"
    till: str = "till 1"
    agent: str = ""
    customer_language: str = "fr"
    zone: str = "Europe/Paris"
    currency: str = "EUR"
    cash_rounding: str = "auto"  # by the currency's coins; "none", or the coin that cash is rounded to, such as "0.05"
    mode: Literal["live", "training", "demo"] = "live"
    secrets: Literal["file", "keyring"] = "file"
    walk_in: WalkIn | None = None

    def check(self) -> None:
        """All addresses are safe to send a secret to, and the drawer's currency is one. Raises Wrong."""
        for name in ("server", "earlier_server", "token_endpoint", "refresh_endpoint"):
            address = getattr(self, name)
            if address is not None:
                reason = address_refusal(address)
                if reason:
                    raise Wrong(reason, name)
        if self.earlier_server is not None and origin_of(self.earlier_server) != bare(origin_of(self.server)):
            raise Wrong(f"must be {bare(origin_of(self.server))}: the server without its path", "earlier_server")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise Wrong("must be an ISO 4217 code such as EUR", "currency")
        if not re.fullmatch(r"auto|none|0\.(0[1-9]|[1-9]0?)|[1-9]\d{0,3}", self.cash_rounding):
            raise Wrong('must be "auto", "none" or a coin such as "0.05"', "cash_rounding")


@dataclass(frozen=True)
class Settings:
    """Everything that can be set."""

    language: Language = field(default_factory=i18n.of_environment)
    theme: Literal["korus-dark", "korus-light"] = "korus-dark"
    mouse: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    profile: str | None = None
    profiles: dict[str, Profile] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    agents: Agents = field(default_factory=Agents)
    needs: Needs = field(default_factory=Needs)
    api_lens: bool = False  # keep the last calls to the API to be looked at, also while selling (in a demo always)
    blind: bool = False  # what cash is expected is the supervisor's alone, until the drawer was counted
    save_folder: Path = Path("~/tickets")
    keep_customer_days: int = 30  # after which a customer's data is erased from the journal
    sticky_date: bool = True  # within a sale, the next product opens at the date that was used last
    start_screen: Literal["catalog", "today"] = "catalog"
    receipt_columns: Literal[32, 42, 80] = 42
    receipt_pdf: bool = False  # save each receipt as a PDF too; needs the extra `demo`, which has fpdf2
    terminal_printer: bool = False  # offer to print receipts on the printer of the agent's own terminal
    scanner: Scanner = field(default_factory=Scanner)
    audit: Audit = field(default_factory=Audit)
    largest_screen: LargestScreen = field(default_factory=LargestScreen)
    print_command: tuple[str, ...] = ()  # such as ["lp", "-d", "counter", "--"]: the file's name comes last, no shell

    def chosen(self) -> tuple[str, Profile] | None:
        """The profile to sell with: the named one, or the only one."""
        if self.profile and self.profile in self.profiles:
            return self.profile, self.profiles[self.profile]
        if self.profile is None and len(self.profiles) == 1:
            return next(iter(self.profiles.items()))
        return None


def address_refusal(address: str) -> str | None:
    """Why a server's address cannot be used, or None: https, or http on this very machine, and nothing else in it."""
    try:
        parts = urlsplit(address)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        plain = parts.hostname and not (parts.username or parts.password or parts.query or parts.fragment)
        _port = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        return "must be an https address"
    return None if plain else "must be a plain address such as https://api.korusticket.com"


def origin_of(address: str) -> str:
    """Scheme, host, port and path of a server: what tells one API from another; "" for what is no address."""
    try:
        parts = urlsplit(address)
        port = "" if parts.port in (None, {"https": 443, "http": 80}.get(parts.scheme)) else f":{parts.port}"
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path.rstrip('/')}" if parts.hostname else ""


def bare(origin: str) -> str:
    """An origin without its path."""
    return urlsplit(origin)._replace(path="").geturl()


@dataclass(frozen=True)
class Loaded:
    """The effective settings, what was wrong on the way, and where each value was said."""

    settings: Settings
    notes: tuple[Note, ...]
    layers: Layers

    def origin(self, *place: str) -> str:
        """Where the value of a key was said, in words."""
        known = self.layers.origins.get(place)
        return known[0].where(known[1]) if known else DEFAULT

    def chosen_by_hand(self) -> bool:
        """Whether this start names its profile: then selling with none, or another, is not what was asked."""
        known = self.layers.origins.get(("profile",))
        return known is not None and known[0].file is None


def load(paths: Paths, *, profile: str | None = None) -> tuple[Settings, tuple[Note, ...]]:
    """The effective settings, and what was wrong on the way; a wrong key costs only itself."""
    loaded = load_all(paths, {"profile": profile})
    return loaded.settings, loaded.notes


def load_all(paths: Paths, given: Mapping[str, str | None]) -> Loaded:
    """Every layer: the files, then the environment, then the command line's values, where they are given."""
    notes: list[Note] = []
    files = [("site file", paths.site / "settings.toml")] if paths.site else []
    read = [read_file(kind, file, notes) for kind, file in [*files, ("user file", paths.settings_file)]]
    fitted = [_fitted(source, table, notes) for source, table in filter(None, read)]
    typed = {name: os.environ.get(variable) for variable, name in VARIABLES.items()}
    by_name = {name: variable for variable, name in VARIABLES.items()}
    name = given.get("profile") or typed["profile"] or _profile_in([one.table for one in fitted])
    layers = Layers()
    for one in fitted:
        layers.lay(one.source, one.table)
        if name in one.own:
            layers.lay(one.source, one.own[name], said_in=("profiles", name))
    known = name in layers.table.get("profiles", {})
    hands = (("environment", typed, by_name), ("command line", given, {key: f"--{key}" for key in given}))
    for kind, values, names in hands:
        placed = {_place(key, name): (value, names[key]) for key, value in values.items() if value}
        source = Source(kind, names={place: said for place, (_value, said) in placed.items()})
        for place, (value, _said) in placed.items():
            if len(place) == 1 or known:
                layers.lay(source, _checked(source, place, value, notes))
    return _made(layers, notes, paths.settings_file)


@dataclass(frozen=True)
class _Fitted:
    """What of a file fits: its table, and what each of its profiles says otherwise of the program's own settings."""

    source: Source
    table: dict[str, Any]
    own: dict[str, dict[str, Any]]


def _fitted(source: Source, table: dict[str, Any], notes: list[Note]) -> _Fitted:
    def complain(place: Place, words: str) -> None:
        notes.append(source.note(place, words))

    own: dict[str, dict[str, Any]] = {}
    profiles = table.get("profiles")
    for name, profile in profiles.items() if isinstance(profiles, dict) else ():
        if isinstance(profile, dict):
            said = {key: profile.pop(key) for key in OWN if key in profile}
            own[name] = fit(Settings, said, complain, ("profiles", name))
    return _Fitted(source, fit(Settings, table, complain), own)


def _profile_in(tables: list[dict[str, Any]]) -> str:
    """The profile that the files choose: the named one, or the only one."""
    named = [table["profile"] for table in tables if "profile" in table]
    there = {name for table in tables for name in table.get("profiles", {})}
    return str(named[-1]) if named else there.pop() if len(there) == 1 else ""


def _place(key: str, profile: str) -> Place:
    return ("profiles", profile, key) if key in OF_PROFILE else (key,)


def _checked(source: Source, place: Place, value: str, notes: list[Note]) -> dict[str, Any]:
    """One value as a table; empty where it does not fit, or holds what a terminal would obey."""
    if any(unicodedata.category(sign) in _OBEYED for sign in value):
        notes.append(source.note(place, "holds signs that cannot be shown; it is left out"))
        return {}
    table: Any = value
    for key in reversed(place):
        table = {key: table}
    return fit(Settings, table, lambda _place, words: notes.append(source.note(place, words)))


def _made(layers: Layers, notes: list[Note], user_file: Path) -> Loaded:
    def complain(place: Place, words: str) -> None:
        notes.append(layers.note(place, words, user_file))

    settings = read(Settings, layers.table, complain)
    if settings.profile is not None and settings.profile not in settings.profiles:
        complain(("profile",), f"there is no profile {settings.profile!r}")
    return Loaded(settings, tuple(notes), layers)
