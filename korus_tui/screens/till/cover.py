"""The page over all others while nobody is signed in, or nobody pressed a key for long: only a PIN opens it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from korus_tui import commands
from korus_tui.counter.core.problems import CounterError
from korus_tui.i18n import _
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.screens.till.sign_in import Purpose, SignInScreen
from korus_tui.widgets.text import paragraph


class CoverScreen(TillScreen):
    """Nothing of a customer or a sale is on it but how long the places are held; it closes by itself once it may."""

    NAME = "cover"
    SHOWS_CART = False
    AUTO_FOCUS = ""
    BINDINGS = commands.bindings("cover")

    def body(self) -> ComposeResult:
        """Who stands here, what goes on meanwhile, and the key."""
        with Vertical(id="cover"):
            yield Static(id="cover-title", markup=False)
            yield Static(id="cover-words", markup=False)
            yield Static(id="cover-key", markup=False)
            yield Static(id="cover-others", markup=False)

    def show_sale(self) -> None:
        """Who stands here may have changed."""
        till = self.services.till
        if till.nobody is None:
            if self.app.screen is self:  # under a dialog it waits for its end
                self.app.pop_screen()
            return
        agent = till.staff.agent
        title = _("The page is covered") if agent else _("Nobody is signed in")
        said = [_("{name} stands at this till.").format(name=agent.name)] if agent else []
        if gone := self.services.desk.gate.gone:
            said.append(gone)
        if any(sale.lines or sale.payments for sale in self.services.desk.sales):
            said.append(_("What is open stays as it is; holds run on, and the answers of Korus are recorded."))
        others = _("Another agent may, too. A digit begins the PIN of who stands here.") if agent else ""
        for selector, text in (("title", title), ("words", "\n".join(said)), ("others", others)):
            widget = self.query_one(f"#cover-{selector}", Static)
            widget.display = bool(text)
            widget.update(paragraph(text))
        key = commands.keys("cover.sign")
        before, _key, after = _("‹cover.sign› signs in: name and PIN.").partition(key)
        self.query_one("#cover-key", Static).update(Content.assemble(before, (f" {key} ", "reverse"), after))

    def on_unmount(self) -> None:
        """Whatever closed it: while nobody may see the page, there is another."""
        self.app.call_later(self.services.desk.tell)

    async def action_sign(self) -> None:
        await self._ask("")

    async def on_key(self, event: Key) -> None:
        """A digit is the first of a PIN, where somebody stands here; keys that follow it fast go to the dialog.

        Where nobody does, a name is asked first: a PIN would be typed into it, in sight.
        """
        digit = event.character is not None and event.character.isascii() and event.character.isdigit()
        if digit and self.services.till.staff.agent is not None:
            event.stop()
            await self._ask(event.character or "")

    async def _ask(self, pin: str) -> None:
        await self.app.push_screen(SignInScreen(self.services, Purpose.SIGN_IN, pin=pin))

    def refuse(self) -> None:
        """Say why a key of another page does nothing here."""
        if (problem := self.services.till.nobody) is not None:
            self.show_error(CounterError(problem))

    def everywhere(self, action: str) -> bool:
        """Only what shows no sale."""
        return action == "app.till" and self.services.till.staff.agent is None
