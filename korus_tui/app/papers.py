"""What was asked for on paper and did not come: told to whoever stands at the till, on whatever page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from korus_tui.i18n import _
from korus_tui.screens.common import formats as words
from korus_tui.screens.common.problem import TroubleBar
from korus_tui.screens.common.till_screen import TillScreen
from korus_tui.widgets.problem_bar import ProblemView

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp

_READ_IN = 4  # seconds on one page after which a notice was read: until then it goes along to the next


class PaperNews:
    """Puts failures of `services.jobs` on the page on top; what is there is told anew each second."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app
        self._page: TillScreen | None = None
        self._seconds = 0

    def tell(self) -> None:
        """Show what was not told yet; under a dialog or a cover it waits."""
        services, top = self._app.services, self._app.top
        if services is None or not services.jobs.untold or top is None or services.till.nobody is not None:
            return
        said = services.jobs.untold
        reference, problem = said[-1]
        what = words.about(reference, problem.what)
        if len(said) > 1:
            sales = ", ".join(dict.fromkeys(one for one, _problem in said))
            what = _("{count} papers did not come: {sales}.").format(count=len(said), sales=sales)
        again = _("‹app.orders› finds the sale: hand it over again there")
        top.query_one(TroubleBar).show_news(ProblemView(what, problem.explained, again, "bad"))
        if self._page is not top:
            self._page, self._seconds = top, 0
        self._seconds += 1
        if self._seconds > _READ_IN:
            services.jobs.untold = []  # it stays in sight until the page is left
            self._page = None
