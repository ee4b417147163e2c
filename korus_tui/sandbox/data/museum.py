"""The second, small catalog: a museum in another time zone, with another currency and another default language."""

from __future__ import annotations

from korus_tui.sandbox.data.park import ADULT, CHILD, FAMILY, REDUCED, TWO_PRICES
from korus_tui.sandbox.data.types import Base, CatalogTable, Part, Text, Venue

TIDES = Venue(
    "Museum of Tides", "12 Wharf Road", "B3J 1A1", "Halifax", "CA", "+1 902 555 0144", "https://tides.example",
    "44.6476", "-63.5728", "America/Halifax",
)  # fmt: skip

_NOTE = Text(
    "Accès de plain-pied. Dernière entrée une heure avant la fermeture.",
    "Step-free. Last entry an hour before closing.",
)
_MUSEUM = Text("Musée {price_type}", "Museum {price_type}")
_PLANETARIUM = Text("Planétarium {price_type}", "Planetarium {price_type}")
BASES = (
    Base("museum", Text("Musée des Marées", "Museum of Tides"), _MUSEUM,
         (("price_type", (ADULT, CHILD, REDUCED, FAMILY)),),
         (Part(Text("Entrée {price_type}", "Admission {price_type}")),), 21,
         Text("Expositions permanentes", "Permanent exhibitions"), _NOTE, places=350, tax="20"),
    Base("planetarium", Text("Planétarium", "Planetarium"), _PLANETARIUM, (TWO_PRICES,),
         (Part(_PLANETARIUM, ("11:00", "13:00", "15:00", "17:00"), 48, 45),), 14,
         Text("Une séance de 45 minutes", "A 45-minute show"), _NOTE, places=None, universe="show", tax="20"),
)  # fmt: skip

TABLE = CatalogTable("museum", "Museum of Tides", TIDES, "CAD", "en", BASES)
