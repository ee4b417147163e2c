"""The two languages at the counter, each one key away: the agent's, and the customer's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from korus_tui.counter.core.problems import Doing, Problem
from korus_tui.i18n import _, locale
from korus_tui.screens.common.problem import TroubleBar
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.widgets.inputs.entry import Entry
from korus_tui.widgets.problem_bar import ProblemView

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp


class Languages:
    """Switches them; a question is answered in the language it was asked in."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app

    def next_of_agent(self) -> None:
        """The interface in the next language, from this moment on; nothing that was typed or chosen is lost."""
        from korus_tui.app import relabel  # first frame
        from korus_tui.screens.common.confirm import ConfirmScreen  # first frame

        if not isinstance(self._app.screen, ConfirmScreen):
            relabel.switch(self._app, relabel.next_language())

    async def next_of_customer(self) -> None:
        services, top = self._app.services, self._app.screen
        if isinstance(top.focused, Entry) and not isinstance(top, TillScreen):
            top.focused.action_delete_left_all()  # as in every terminal: a dialog's field is not the sale's language
        if services is None or not isinstance(top, TillScreen):
            return
        if top.in_form:
            what, meaning = _("A form is being filled in."), _("The customer's language was not changed.")
            top.show_problem(
                Problem(
                    what,
                    meaning,
                    _("‹checkout.back|beneficiaries.back› leaves it, ‹app.customer_language› changes it then"),
                ),
                tone="warn",
            )
            return
        try:
            chosen = await services.customer_language.change()
        except Exception as error:
            top.show_error(error, Doing.ORDER)
            return
        top.sale_changed()
        name = locale().languages.get(chosen, chosen)
        what = _("The customer's language is {language} now.").format(language=name)
        meaning = _("Korus is asked for it, and the order and the slip say it.")
        top.query_one(TroubleBar).show_news(ProblemView(what, meaning, "", "good"))
