"""How the command palette is opened over a page of the till, and how what was chosen in it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from korus_tui.screens.common.till_screen import TillScreen

if TYPE_CHECKING:
    from korus_tui.app.korus_app import KorusApp
    from korus_tui.commands import Command
    from korus_tui.counter.services import Services
    from korus_tui.screens.palette.finder import Target, ToSell


class PaletteOpener:
    """The part of the program that finds by words."""

    def __init__(self, app: KorusApp) -> None:
        self._app = app

    async def open(self) -> None:
        """Open it; keys that come meanwhile are typed into it."""
        services, page = self._app.services, self._app.screen
        if services is None or not isinstance(page, TillScreen):
            return
        if services.asks and (problem := services.till.nobody):
            page.show_problem(problem)
            return
        from korus_tui.counter.catalog.favourites import Favourites  # first frame
        from korus_tui.screens.palette.finder import PaletteFinder  # first frame
        from korus_tui.screens.palette.screen import PaletteScreen  # first frame

        def allowed(command: Command) -> bool:
            return page.allowed(command.action) if command.screen else page.everywhere(command.action)

        favourites = Favourites(services.paths.data, services.name).keys
        finder = PaletteFinder(services, page.NAME, allowed, favourites)
        await self._app.push_screen(PaletteScreen(services, finder), self._do)

    async def _do(self, target: Target | None) -> None:
        """A command is run as the registry says it, on the page beneath; nothing that was typed is ever run."""
        from korus_tui.screens.palette.finder import ToDo, ToSell, ToShow  # first frame

        services, page = self._app.services, self._app.screen
        if services is None or not isinstance(page, TillScreen):
            return
        if isinstance(target, ToDo):
            await self._app.run_action(target.command.call, page)
        elif isinstance(target, ToSell):
            await self._dates(services, target)
        elif isinstance(target, ToShow):
            await self._app.flow.order(target.key)

    async def _dates(self, services: Services, wanted: ToSell) -> None:
        """As from the catalog, which is beneath the dates again when they are left."""
        content = services.catalogs.content
        if content is None:
            return
        self._app.flow.to_catalog()
        await self._app.flow.dates(content, wanted.family, product=wanted.product, quantity=max(1, wanted.quantity))
