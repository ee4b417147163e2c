"""From the words about people to products: one family for those whose name was said once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from heapq import nsmallest

from korus_tui.counter.catalog.offer_models import Product
from korus_tui.counter.quickline.index import Index, bits, lowest
from korus_tui.counter.quickline.models import Asked, Interpretation, Mistake, Question
from korus_tui.counter.quickline.reader import Draft, PeopleWord
from korus_tui.i18n import _

MOST_PICKS = 9


class Resolver:
    """Finds the products of a line's people; what fits several becomes a question, what fits none a mistake."""

    def __init__(self, index: Index, preferred: Sequence[str]) -> None:
        self._index = index
        masks = [index.named_by_id(key, with_price=False) for key in preferred]
        self._preferred = [(mask, frozenset(index.family_numbers(mask))) for mask in masks if mask]
        self.products: dict[int, Product] = {}
        self.questions: list[Question] = []
        self.mistakes: list[Mistake] = []
        self._drafts: Sequence[Draft] = ()
        self.asks: dict[Asked, None] = {}

    def resolve(self, drafts: Sequence[Draft]) -> None:
        """All people of the line."""
        self._drafts = drafts
        groups: dict[int, list[int]] = defaultdict(list)
        for place, draft in enumerate(drafts):
            groups[draft.group].append(place)
        for giver, places in groups.items():
            self._group(places, drafts[giver].names)

    def _group(self, places: list[int], names: Sequence[PeopleWord]) -> None:
        masks = {place: self._fitting(place, names) for place in places}
        families = self._common(list(masks.values()))
        if families:
            self._choose(masks, families, names)
        elif len(places) > 1 and any(masks.values()):
            # The name of the others does not go with these people's price: they are somebody by themselves.
            for place in places:
                self._group([place], names if masks[place] else self._drafts[place].names)
        else:
            self._nothing(masks, names)

    def _fitting(self, place: int, names: Sequence[PeopleWord]) -> int:
        """The products that all words about these people fit."""
        prices = self._drafts[place].prices
        if not names and not prices:
            return self._highlighted()
        mask = self._index.everything
        sold = self._sold(self._drafts[place], names)
        for word in names:
            if sold and word.shows:
                mask &= sold
            else:
                mask &= word.with_price if prices and word.with_price is not None else word.mask
        for word in prices:
            mask &= word.mask
        return mask

    def _sold(self, draft: Draft, names: Sequence[PeopleWord]) -> int:
        """What can be bought for the shows that these words name; nothing where that is not known, and asked for."""
        shows = [word.shows for word in names if word.shows]
        if not shows:
            return 0
        every = shows[0]
        for one in shows[1:]:
            every &= one
        asked = Asked(every, draft.day, draft.at)
        found = self._index.sold(asked) if every else 0
        if found is None:
            self.asks[asked] = None
        return found or 0

    def _highlighted(self) -> int:
        """The product that is looked at: a number alone is about it."""
        return self._preferred[0][0] if self._preferred else 0

    def _common(self, masks: Sequence[int]) -> list[int]:
        found = self._index.family_numbers(masks[0])
        for mask in masks[1:]:
            found = [family for family in found if self._index.families[family] & mask]
        return found

    # Which of several

    def _choose(self, masks: dict[int, int], families: list[int], names: Sequence[PeopleWord]) -> None:
        """Each reading is known by the first person's product, its lead; only the best are worked out."""
        index = self._index
        if len(masks) > 1 and self._open_price(masks, families):
            self._one_by_one(masks, families)
            return
        first = next(iter(masks.values()))
        leads = list(bits(first)) if len(masks) == 1 else [lowest(first & index.families[one]) for one in families]
        ranks = [self._rank(lead, names) for lead in leads]
        order = nsmallest(MOST_PICKS, range(len(leads)), key=lambda place: ranks[place])
        best = [self._reading(masks, leads[place]) for place in order]
        chosen = best[0] if ranks.count(ranks[order[0]]) == 1 else None
        if chosen is not None:
            self.products.update((place, index.products[number]) for place, number in zip(masks, chosen, strict=True))
        if len(leads) > 1:
            self._ask(masks, best, len(leads), None if chosen is None else 0, names)

    def _open_price(self, masks: dict[int, int], families: list[int]) -> bool:
        """Whether somebody's words leave the price type open within a family."""
        return any((mask & self._index.families[one]).bit_count() > 1 for mask in masks.values() for one in families)

    def _reading(self, masks: dict[int, int], lead: int) -> tuple[int, ...]:
        """The number of each person's product."""
        family = self._index.families[self._index.family_of[lead]]
        return (lead, *(lowest(mask & family) for mask in list(masks.values())[1:]))

    def _one_by_one(self, masks: dict[int, int], families: list[int]) -> None:
        """Somebody's price is not said: each is asked for apart, within the families that fit them all."""
        within = 0
        for family in families:
            within |= self._index.families[family]
        for place, mask in masks.items():
            one = {place: mask & within}
            self._choose(one, self._common(list(one.values())), self._drafts[place].names)

    def _rank(self, lead: int, names: Sequence[PeopleWord]) -> tuple[int, int]:
        """What is preferred comes first, then what has the typed words whole."""
        bit, family = 1 << lead, self._index.family_of[lead]
        wanted = len(self._preferred) * 2
        for place, (mask, families) in enumerate(self._preferred):
            if mask & bit:
                wanted = place * 2
                break
            if family in families:
                wanted = place * 2 + 1
                break
        return wanted, -sum(1 for word in names if word.whole & bit)

    def _ask(
        self,
        masks: dict[int, int],
        best: list[tuple[int, ...]],
        count: int,
        chosen: int | None,
        names: Sequence[PeopleWord],
    ) -> None:
        index = self._index
        picks = []
        for option in best:
            product = index.products[option[0]]
            label = product.name if len(option) == 1 else index.labels[index.family_of[option[0]]]
            picks.append(Interpretation(label, tuple(index.products[number].id for number in option)))
        self.questions.append(
            Question(self._said(masks, names), tuple(masks), tuple(picks), chosen, max(0, count - len(best)))
        )

    def _said(self, masks: dict[int, int], names: Sequence[PeopleWord]) -> str:
        """The words that leave the choice."""
        words = [*names, *(word for place in masks for word in self._drafts[place].prices)]
        return " ".join(dict.fromkeys(word.piece.text for word in sorted(words, key=lambda one: one.piece.start)))

    # Nothing fits

    def _nothing(self, masks: dict[int, int], names: Sequence[PeopleWord]) -> None:
        """Name the first word with which nothing is left."""
        mask = self._index.everything
        for word in names:
            mask &= word.mask if word.with_price is None else word.with_price
            if not mask:
                self._mistake(word, names)
                return
        for place in masks:
            draft = self._drafts[place]
            if not masks[place] and draft.prices:
                self._mistake(draft.prices[-1], [*names, *draft.prices])
                return
        place = next((place for place in masks if not masks[place]), next(iter(masks)))
        draft = self._drafts[place]
        if draft.prices:
            self._mistake(draft.prices[-1], [*names, *draft.prices])
            return
        said = _("“%(word)s” of what? Type a name or a price type behind it.")
        number = str(draft.quantity)
        self.mistakes.append(Mistake(draft.start, draft.end, number, said % {"word": number}))

    def _mistake(self, word: PeopleWord, among: Sequence[PeopleWord]) -> None:
        text = word.piece.text
        if word.shows and not word.mask:
            said = _("“%(word)s”: what can be bought for it then is being asked.")
            if not self.asks:
                said = _("“%(word)s” has no session then for which something can be bought.")
            self.mistakes.append(Mistake(word.piece.start, word.piece.end, text, said % {"word": text}))
            return
        others = " ".join(dict.fromkeys(one.piece.text for one in among if one is not word))
        if others:
            said = _("“%(word)s” does not go with “%(others)s”: nothing here is both.")
        else:
            said = _("Nothing here is “%(word)s” for all of them.")
        values = {"word": text, "others": others}
        self.mistakes.append(Mistake(word.piece.start, word.piece.end, text, said % values))
