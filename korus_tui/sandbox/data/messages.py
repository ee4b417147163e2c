"""What the sandbox says when it refuses, in French and English, with the code of each refusal."""

from __future__ import annotations

import uuid

from korus_tui.sandbox.data.types import Text

# key: (code, words). Codes of general constraints are those that Symfony's validator documents.
_KNOWN: dict[str, tuple[str, str, str]] = {
    "blank": (
        "c1051bb4-d103-4f74-8988-acbcafc7fdc3",
        "Cette valeur ne doit pas être vide.",
        "This value should not be blank.",
    ),
    "type": (
        "ba785a8c-82cb-4283-967c-3cf342181b40",
        "Cette valeur doit être de type {expected}.",
        "This value should be of type {expected}.",
    ),
    "email": (
        "bd79c0ab-ddba-46cc-a703-a7a4b08de310",
        "Cette valeur n'est pas une adresse email valide.",
        "This value is not a valid email address.",
    ),
    "long": (
        "d94b19cc-114f-4f44-9cc4-4138e80a87b9",
        "Cette chaîne est trop longue. Elle doit avoir au maximum {limit} caractères.",
        "This value is too long. It should have {limit} characters or less.",
    ),
    "choice": (
        "8e179f1b-97aa-4560-a02f-2a8b42e49df7",
        "La valeur choisie n'est pas valide : {choices}.",
        "The value you selected is not a valid choice: {choices}.",
    ),
    "least": (
        "ea4e51d1-3342-48bd-87f1-9e672cd90cad",
        "Cette valeur doit être supérieure ou égale à {limit}.",
        "This value should be greater than or equal to {limit}.",
    ),
    "most": (
        "30fbb013-d015-4232-8b3b-8f3be97a7e14",
        "Cette valeur doit être inférieure ou égale à {limit}.",
        "This value should be less than or equal to {limit}.",
    ),
    "empty": (
        "bef8e338-6ae5-4caf-b8e2-50e7b0579e69",
        "Cette collection doit contenir 1 élément ou plus.",
        "This collection should contain 1 element or more.",
    ),
    "twice": (
        "7911c98d-b845-4da0-94b7-a8dac36bc55a",
        "Cette collection ne doit pas comporter de doublons.",
        "This collection should contain only unique elements.",
    ),
    "country": (
        "8f900c12-61bd-455d-9398-996cd040f7f0",
        "Cette valeur n'est pas un pays valide.",
        "This value is not a valid country.",
    ),
    "language": (
        "ee65fec4-9a20-4202-9f39-ca558cd7bdf7",
        "Cette valeur n'est pas une langue valide.",
        "This value is not a valid language.",
    ),
    "date": (
        "69819696-02ac-4a99-9ff0-14e127c4d1bc",
        "Cette valeur n'est pas une date valide.",
        "This value is not a valid date.",
    ),
    "expired": ("d53a91b0-def3-426a-83d7-269da7ab4200", "La réservation a expiré", "The reservation has expired"),
    "ordered": ("", "La réservation a déjà été commandée", "The reservation has already been ordered"),
    "iri": ("", "Aucune ressource à l'adresse « {iri} »", 'No resource at "{iri}"'),
    "unknown": ("", "Ce champ n'est pas attendu.", "This field was not expected."),
    "quantity_left": ("", "Il ne reste que {left} place(s)", "Only {left} place(s) left"),
    "max_amount": (
        "",
        "Une commande est limitée à {limit} de ce produit",
        "An order is limited to {limit} of this product",
    ),
    "ticket_missing": ("", "Le billet « {name} » manque", 'The ticket "{name}" is missing'),
    "ticket_twice": ("", "Ce billet est donné deux fois", "This ticket is given twice"),
    "session_needed": ("", "Une séance doit être choisie pour « {name} »", 'A session must be chosen for "{name}"'),
    "session_useless": (
        "",
        "« {name} » est un accès à la journée, sans séance",
        '"{name}" is a full-day access without session',
    ),
    "session_other": ("", "Cette séance n'appartient pas à ce billet", "This session does not belong to this ticket"),
    "session_started": ("", "Cette séance a commencé", "This session has already started"),
    "off_sale": ("", "Ce produit n'est plus en vente", "This product is no longer on sale"),
    "past": ("", "Cette date est passée", "This date is over"),
    "form_needed": ("", "Un formulaire doit être rempli pour « {name} »", 'A form must be filled in for "{name}"'),
    "form_useless": ("", "« {name} » n'a pas de formulaire", '"{name}" has no form'),
    "field_needed": ("", "Le champ « {name} » est obligatoire", 'The field "{name}" is required'),
    "form_value": ("", "Cette valeur n'est pas du type {expected}", "This value is not of type {expected}"),
    "sold_out": ("", "Plus assez de places", "Not enough places left"),
    "issuer": ("", "Le système de l'exploitant n'a pas répondu", "The issuer's system did not answer"),
    "not_yet": ("", "Le document sera disponible à {moment}", "The document will be available at {moment}"),
    "deadline": (
        "",
        "Le délai de désignation du bénéficiaire est dépassé",
        "The deadline to name the beneficiary has passed",
    ),
    "not_amendable": ("", "Le bénéficiaire ne peut plus être modifié", "The beneficiary can no longer be changed"),
    "cancelled": ("", "La commande est annulée", "The order is cancelled"),
    # Problems: title and detail in one.
    "p400": ("", "La requête n'a pas pu être lue : {why}", "The request could not be read: {why}"),
    "p401": ("", "Un jeton d'accès valide est nécessaire", "A valid access token is required"),
    "p404": ("", "Introuvable", "Not Found"),
    "p405": ("", "La méthode {method} n'est pas permise ici", "Method {method} is not allowed here"),
    "p406": (
        "",
        "Le format demandé n'est pas disponible : demandez application/ld+json",
        "The requested format is not available: ask for application/ld+json",
    ),
    "p415": ("", "Le type de contenu doit être {expected}", "The content type must be {expected}"),
    "p500": ("", "Erreur interne du bac à sable", "Internal error of the sandbox"),
}


def code_of(key: str) -> str:
    """The code of a refusal: the documented one, else one made from its name."""
    return _KNOWN[key][0] or str(uuid.uuid5(uuid.NAMESPACE_URL, f"korus-sandbox:{key}"))


def words(key: str, language: str, **values: object) -> str:
    """The sentence of a refusal in `language`."""
    _, french, english = _KNOWN[key]
    return Text(french, english).say(language).format(**values)
