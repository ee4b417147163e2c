"""Many tills on one host: real programs in pseudo-terminals, each with its own account, selling by keys at one time."""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import selling
from counter_home import SELL, settle_in
from measuring import key_to_paint
from pseudo_terminal import Terminal
from sandbox_process import SandboxProcess

from korus_tui.config.paths import Paths
from korus_tui.journal.file import JournalFile
from korus_tui.journal.place import place_of
from korus_tui.sale import events as e
from korus_tui.sale.money import Money, total

PATIENCE = 120.0  # seconds until the last of a hundred that do the same at one moment shows it
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Effort:
    """What one till cost the host: `megabytes` (PSS) with a hold, processor seconds, seconds until a key's frame."""

    megabytes: float | None
    start: float
    work: float
    paints: tuple[float, ...]


@dataclass
class OneTill:
    """A program in its terminal, with an account of its own."""

    name: str
    home: Path
    terminal: Terminal
    sold: int = 0
    start: float = 0.0
    megabytes: float | None = None
    paints: list[float] = field(default_factory=list)

    def sell(self) -> None:
        """One sale by keys, with a look at how long a key takes to be painted, and at the memory with a hold."""
        self.paints += [key_to_paint(self.terminal, key) for key in ("down", "down", "up", "up")]
        selling.to_the_cart(self.terminal)
        self.megabytes = _proportional(self.terminal.pid)
        selling.to_the_money(self.terminal)
        selling.take(self.terminal)
        selling.next_customer(self.terminal)
        self.sold += 1

    def effort(self) -> Effort:
        """What it cost until now."""
        work = _processor_seconds(self.terminal.pid) - self.start
        return Effort(self.megabytes, self.start, work, tuple(self.paints))

    def recorded(self) -> tuple[set[str], Money]:
        """The orders (as the API calls them) that its journal has, and the money that it took."""
        with closing(JournalFile.read(place_of(Paths.below(self.home).data, self.name))) as file:
            verdict = file.walk()
            assert verdict.whole, verdict.why
            events = [one.event for one in file.entries("stream GLOB 'sale:*'")]
        orders = {event.order.order for event in events if isinstance(event, e.OrderPlaced)}
        taken = total((event.payment.amount for event in events if isinstance(event, e.PaymentTaken)), "EUR")
        return orders, taken


@contextlib.contextmanager
def many_tills(sandbox: SandboxProcess, folder: Path, number: int) -> Iterator[list[OneTill]]:
    """So many programs that show their catalog."""
    with ExitStack() as stack:
        tills = []
        for count in range(number):
            name = f"till {count + 1}"
            home = folder / name.replace(" ", "-")
            env = settle_in(home, sandbox, till=name)
            terminal = stack.enter_context(Terminal(SELL, env=env))
            terminal.patience = PATIENCE
            tills.append(OneTill(name, home, terminal))
        at_once(tills, _ready)
        yield tills


def _ready(till: OneTill) -> None:
    till.terminal.wait_for(selling.PRODUCT)
    till.terminal.settle()
    till.start = _processor_seconds(till.terminal.pid)


def at_once(tills: list[OneTill], work: Callable[[OneTill], None]) -> None:
    """Do it at every till at one time; the first failure is raised once all have ended."""
    with ThreadPoolExecutor(len(tills)) as threads:
        for done in [threads.submit(work, till) for till in tills]:
            done.result()


def leave(till: OneTill) -> None:
    """Out of the program."""
    selling.leave(till.terminal)


def ordered(sandbox: SandboxProcess) -> dict[str, Money]:
    """What the server's orders cost, by the API's names for them."""
    state = sandbox.state()
    people = {one["id"]: one["item"]["quantity"] for one in state["reservations"]}
    return {
        f"/v1/booking/orders/{one['id']}": Money.of(one["unit"], "EUR") * people[one["reservation"]]
        for one in state["orders"]
    }


def _proportional(pid: int) -> float | None:
    """Megabytes, each page shared by the number of programs that have it; None where the system does not tell us."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def summary(tills: list[OneTill]) -> dict[str, float]:
    """What a host with these tills needs, as the guide's table has it."""
    efforts = [till.effort() for till in tills]
    paints = sorted(paint for one in efforts for paint in one.paints)
    megabytes = [one.megabytes for one in efforts if one.megabytes is not None]
    sold = sum(till.sold for till in tills)
    return {
        "tills": len(tills),
        "sales": sold,
        "megabytes each (PSS, with a hold)": round(statistics.mean(megabytes), 1) if megabytes else 0.0,
        "processor seconds for a start": round(statistics.mean(one.start for one in efforts), 2),
        "processor seconds for a sale": round(sum(one.work for one in efforts) / sold, 2),
        "key to paint, p50, ms": round(1000 * paints[len(paints) // 2], 1),
        "key to paint, p95, ms": round(1000 * paints[int(len(paints) * 0.95)], 1),
    }


def until(seconds: float, sales_a_minute: float) -> Callable[[OneTill], None]:
    """Sell at that pace for so long."""
    begun = time.monotonic()

    def sells(till: OneTill) -> None:
        while (now := time.monotonic()) < begun + seconds:
            till.sell()
            pause = now + 60 / sales_a_minute
            while time.monotonic() < min(pause, begun + seconds):
                till.terminal.read(0.5)  # what it paints meanwhile

    return sells
