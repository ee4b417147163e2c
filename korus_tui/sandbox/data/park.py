"""The first catalog: the tutorial's park, 65 products."""

from __future__ import annotations

from decimal import Decimal

from korus_tui.sandbox.data.types import Base, CatalogTable, Choice, Part, Text, Venue

PARK = Venue(
    "Puy du Fou", "CS 70025", "85590", "Les Epesses", "FR", "+33 2 51 64 11 11", "https://www.puydufou.com",
    "46.8897", "-0.9303", "Europe/Paris",
)  # fmt: skip

ADULT = Choice("adult", Text("Adulte", "Adult"))
CHILD = Choice("child", Text("Enfant", "Child"), Decimal("0.72"))
REDUCED = Choice("reduced", Text("Réduit", "Reduced"), Decimal("0.88"))
FAMILY = Choice("family", Text("Famille (2+2)", "Family (2+2)"), Decimal("3.1"))
GOLD = Choice("or", Text("Or", "Gold"), extra=14)
SILVER = Choice("argent", Text("Argent", "Silver"))
BRONZE = Choice("bronze", Text("Bronze", "Bronze"), extra=-8)
TWO_DAYS = Choice("2", Text("2 jours", "2 days"))
THREE_DAYS = Choice("3", Text("3 jours", "3 days"), extra=32)

ALL_PRICES = ("price_type", (ADULT, CHILD, REDUCED, FAMILY))
THREE_PRICES = ("price_type", (ADULT, CHILD, REDUCED))
TWO_PRICES = ("price_type", (ADULT, CHILD))
THREE_SEATS = ("seating_category", (GOLD, SILVER, BRONZE))
TWO_SEATS = ("seating_category", (GOLD, SILVER))

DAY_TICKET = Part(Text("Puy du Fou {price_type}", "Puy du Fou {price_type}"))
SHOW_TICKET = Part(
    Text("Cinéscénie {price_type} - {seating_category}", "Cinéscénie {price_type} - {seating_category}"),
    ("17:00", "20:00"),
    60,
)
RULES = Text(
    "Dans la limite des places disponibles. Les billets sont valables uniquement à la date de visite réservée. "
    "Adulte à partir de 14 ans.",
    "Subject to availability. Tickets are valid on the reserved date only. Adult from 14 years.",
)
LONG_STORY = Text(
    "<h2>Une journée pour toute la classe</h2><p>Une médiatrice accueille le groupe à <strong>9&nbsp;h&nbsp;15</strong>"
    " à l'entrée Nord&nbsp;; la visite suit un carnet de route adapté au cycle&nbsp;3 et au collège.</p>"
    "<ul><li>Un accompagnateur gratuit pour huit élèves</li><li>Pique-nique abrité, réservé au groupe</li>"
    "<li>Deux spectacles au choix le matin, trois l'après-midi</li></ul><p>La liste des élèves est demandée "
    "quinze jours avant la visite. Les repas se réservent à part &amp; se règlent sur place. En cas d'orage, les "
    'spectacles de plein air sont remplacés. <a href="https://www.puydufou.com">Plan d\'accès</a></p>',
    "<h2>A day for the whole class</h2><p>A guide meets the group at <strong>9.15&nbsp;am</strong> at the North gate; "
    "the visit follows a travel log made for ages 9 to 14.</p><ul><li>One adult free for eight pupils</li>"
    "<li>Sheltered picnic area kept for the group</li><li>Two shows to choose from in the morning, three in the "
    "afternoon</li></ul><p>The pupils' list is asked for a fortnight ahead. Meals are booked apart &amp; paid on site. "
    'In a storm the open-air shows are replaced. <a href="https://www.puydufou.com">How to get here</a></p>',
)


def _same(text: str) -> Text:
    return Text(text, text)


STAYS = (
    Base("day", Text("Puy du Fou 1 jour", "Puy du Fou 1 day"),
         Text("Puy du Fou 1 jour {price_type}", "Puy du Fou 1 day {price_type}"), (ALL_PRICES,), (DAY_TICKET,), 48,
         Text("Le Grand Parc, une journée", "The Grand Parc for a day"),
         Text("Le tarif « Sur réservation » s’applique jusqu’à 72 heures avant la date de visite indiquée lors de la "
              "réservation, dans la limite des places disponibles. Les billets sont valables uniquement aux dates de "
              "visite réservées. Adulte à partir de 14 ans.\n",
              "The advance price applies until 72 hours before the visit date given at booking, subject to "
              "availability. Tickets are valid on the reserved dates only. Adult from 14 years.\n"), places=4000),
    Base("day-show", Text("Puy du Fou 1 jour + Cinéscénie", "Puy du Fou 1 day + Cinéscénie"),
         Text("Puy du Fou 1 jour {price_type} + Cinéscénie {seating_category}",
              "Puy du Fou 1 day {price_type} + Cinéscénie {seating_category}"), (ALL_PRICES, THREE_SEATS),
         (DAY_TICKET, SHOW_TICKET), 87, Text("Le parc et la nuit", "The park and the night show"),
         Text("Les tarifs \" Puy du Fou + Cinéscénie \" s'appliquent uniquement sur réservation, dans la limite des "
              "places disponibles. Les billets sont valables uniquement à la date de visite réservée. Adulte à partir "
              "de 14 ans.",
              "\"Puy du Fou + Cinéscénie\" prices apply to advance bookings only, subject to availability. Tickets are "
              "valid on the reserved visit date only. Adult from 14 years.")),
    Base("stay", Text("Puy du Fou plusieurs jours", "Puy du Fou several days"),
         Text("Puy du Fou {days_count} {price_type}", "Puy du Fou {days_count} {price_type}"),
         (("days_count", (TWO_DAYS, THREE_DAYS)), ALL_PRICES), (DAY_TICKET,), 78,
         Text("Jours consécutifs", "Consecutive days"), RULES, places=2500),
    Base("stay-show", Text("Puy du Fou 2 jours + Cinéscénie", "Puy du Fou 2 days + Cinéscénie"),
         Text("Puy du Fou 2 jours {price_type} + Cinéscénie {seating_category}",
              "Puy du Fou 2 days {price_type} + Cinéscénie {seating_category}"), (THREE_PRICES, TWO_SEATS),
         (DAY_TICKET, SHOW_TICKET), 117, Text("Deux jours et la nuit", "Two days and the night show"), RULES,
         places=800),
    Base("show", _same("Cinéscénie"),
         _same("Cinéscénie {price_type} {seating_category}"), (THREE_PRICES, THREE_SEATS),
         (Part(SHOW_TICKET.name, ("19:00", "21:00", "22:45"), 90, 95),), 34,
         Text("Le spectacle de nuit, vendredi et samedi", "The night show, Fridays and Saturdays"), RULES,
         calendar="evenings", places=None, universe="show"),
)  # fmt: skip

EVENINGS = (
    Base("fire", Text("Les Noces de Feu", "The Wedding of Fire"),
         Text("Les Noces de Feu {price_type}", "The Wedding of Fire {price_type}"), (TWO_PRICES,),
         (Part(Text("Les Noces de Feu {price_type}", "The Wedding of Fire {price_type}"), ("21:30",), 400, 30,
               row=10),), 12,
         Text("Féerie sur le lac", "A fairy tale on the lake"), RULES, calendar="summer", places=None, universe="show"),
    Base("dinner", Text("Dîner-spectacle au Café de la Madelon", "Dinner show at Café de la Madelon"),
         Text("Dîner-spectacle {price_type}", "Dinner show {price_type}"), (TWO_PRICES,),
         (Part(Text("Dîner {price_type}", "Dinner {price_type}"), ("12:15", "19:15", "21:15"), 40, 90, "dinner"),),
         39, Text("Le menu se choisit à la réservation", "The menu is chosen when booking"), RULES, places=None,
         universe="restaurant", tax="20"),
    Base("premiere", Text("Avant-première du Mystère de La Pérouse", "Preview of The Mystery of La Pérouse"),
         Text("Avant-première La Pérouse {price_type}", "La Pérouse preview {price_type}"), (TWO_PRICES,),
         (Part(Text("Avant-première {price_type}", "Preview {price_type}"), ("18:30",), 120, 40),), 22,
         Text("Complet", "Sold out"), RULES, places=None, pattern="full", universe="show"),
    Base("backstage", Text("Visite des coulisses", "Backstage tour"),
         Text("Visite des coulisses {price_type}", "Backstage tour {price_type}"), (TWO_PRICES,),
         (Part(Text("Coulisses {price_type}", "Backstage {price_type}"),
               ("09:30", "11:00", "14:00", "16:00"), 15, 75),),
         29, Text("Prix en temps réel", "Live price"), RULES, places=None, universe="tour", live_price=True),
)  # fmt: skip

EXTRAS = (
    Base("lunch", Text("Déjeuner au Relais de Poste", "Lunch at the Coaching Inn"),
         Text("Déjeuner {price_type}", "Lunch {price_type}"), (TWO_PRICES,),
         (Part(Text("Déjeuner {price_type}", "Lunch {price_type}"), ("11:45", "12:45", "13:45"), 80, 60),), 24,
         Text("Formule à table", "Table service"), RULES, places=None, universe="restaurant", tax="20"),
    Base("parking", _same("Parking"), Text("Parking {zone}", "Parking {zone}"),
         (("zone", (Choice("car", Text("voiture", "car")), Choice("camper", Text("camping-car", "camper"), extra=7),
                    Choice("motorbike", Text("moto", "motorbike"), extra=-4))),),
         (Part(Text("Parking {zone}", "Parking {zone}")),), 8, Text("La journée", "All day"),
         Text("Du matin à la fin du dernier spectacle.", "From the morning to the end of the last show."),
         places=None, universe="service", tax="20"),
    Base("locker", Text("Consigne à bagages", "Luggage locker"), Text("Consigne {zone}", "Locker {zone}"),
         (("zone", (Choice("s", _same("S")), Choice("m", _same("M"), extra=2),
                    Choice("l", _same("L"), extra=4))),),
         (Part(Text("Consigne {zone}", "Locker {zone}")),), 4, Text("À l'entrée Nord", "At the North gate"), RULES,
         universe="service", tax="20", places=120),
    Base("express", Text("Pass Émotion", "Emotion pass"),
         Text("Pass Émotion {price_type}", "Emotion pass {price_type}"),
         (TWO_PRICES,), (Part(Text("Pass Émotion {price_type}", "Emotion pass {price_type}")),), 18,
         Text("Places réservées au premier rang", "Front-row seats kept for you"), RULES, places=200, max_amount=10),
    Base("audio", Text("Audioguide", "Audio guide"), Text("Audioguide", "Audio guide"), (),
         (Part(Text("Audioguide", "Audio guide")),), 5, Text("Six langues", "Six languages"), RULES, places=None,
         universe="service", tax="20"),
    Base("school", Text("Groupe scolaire", "School group"),
         Text("Groupe scolaire {price_type}", "School group {price_type}"),
         (("price_type", (CHILD, REDUCED)),), (Part(Text("Scolaire {price_type}", "School {price_type}")),), 30,
         Text("À partir de 20 élèves", "From 20 pupils"), LONG_STORY, places=300, max_amount=60, instant=False),
    Base("pass", Text("Pass annuel", "Annual pass"), Text("Pass annuel {price_type}", "Annual pass {price_type}"),
         (THREE_PRICES,), (Part(Text("Pass annuel {price_type}", "Annual pass {price_type}")),), 119,
         Text("Nominatif, valable douze mois", "Named holder, valid for twelve months"), RULES, calendar="undated",
         places=None, beneficiary_fields=("firstname", "lastname", "dateOfBirth"), instant=False),
    Base("gift", Text("Bon cadeau", "Gift voucher"), Text("Bon cadeau {price_type}", "Gift voucher {price_type}"),
         (("price_type", (Choice("gift_50", _same("50 €")), Choice("gift_100", _same("100 €"), extra=50))),),
         (Part(Text("Bon cadeau {price_type}", "Gift voucher {price_type}")),), 50,
         Text("Sans date, valable un an", "Undated, valid for a year"), RULES, calendar="undated", places=None),
    Base("winter", Text("Le Grand Noël (ancienne saison)", "The Great Christmas (past season)"),
         Text("Le Grand Noël {price_type}", "The Great Christmas {price_type}"), (TWO_PRICES,), (DAY_TICKET,), 35,
         Text("Saison terminée", "Season over"), RULES, disabled=True),
)  # fmt: skip

TABLE = CatalogTable("park", "Puy du Fou France", PARK, "EUR", "fr", STAYS + EVENINGS + EXTRAS)
