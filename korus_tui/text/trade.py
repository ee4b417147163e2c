"""Words of the trade that mean the same in the languages of counters: a catalog speaks one of them, agents another."""

from __future__ import annotations

from korus_tui.text.search import fold

_SHORTEST = 3  # letters from which the beginning of a word stands for it
_SAME = tuple(
    tuple(fold(word) for word in line.split(", "))
    for line in """
adult, adults, adulte, adultes, Erwachsener, Erwachsene
child, children, kid, enfant, enfants, Kind, Kinder
baby, infant, bébé, Kleinkind
youth, teenager, jeune, Jugendlicher
senior, seniors, aîné, Senioren
student, students, étudiant, étudiants, Student, Studenten
reduced, concession, réduit, réduits, ermäßigt
full, plein, normal, Normalpreis
free, gratuit, gratis, kostenlos
family, familie, famille, familles
group, groups, groupe, groupes, Gruppe
school, scolaire, scolaires, école, Schule
disabled, handicapé, handicap, Behinderte
day, days, jour, jours, Tag, Tage
half, demi, halb
morning, matin, Morgen
evening, night, soir, soirée, nuit, Abend, Nacht
year, annual, yearly, annuel, annuelle, Jahr, Jahres
pass, Pass, abonnement, subscription, Karte
ticket, tickets, billet, billets, entrée, admission, Eintritt
show, spectacle, Schau, Vorstellung
visit, tour, visite, Besuch, Führung
guided, guidée, guidé
museum, musée
exhibition, expo, exposition, Ausstellung
castle, château, Schloss
garden, jardin, Garten
workshop, atelier, Werkstatt
concert, Konzert
boat, bateau, Schiff
parking, car park, stationnement, Parkplatz
seat, seats, place, places, Platz
gold, or
silver, argent, Silber
bronze
gift, cadeau, Geschenk
meal, repas, Essen
audio guide, audioguide
""".strip().splitlines()
)


def same(word: str) -> tuple[str, ...]:
    """The other words that mean what the folded `word` means, each with a space before: they are no parts of words.

    From three letters on, the beginning of a word stands for it.
    """
    meant: dict[str, None] = {}
    for group in _SAME:
        if any(one == word or (len(word) >= _SHORTEST and one.startswith(word)) for one in group):
            meant.update({f" {one}": None for one in group})
    return tuple(meant)
