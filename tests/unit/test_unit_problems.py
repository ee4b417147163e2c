"""What a failure is called, and what it means for money and places: never sent, refused and unknown never mix."""

from __future__ import annotations

import pytest

from korus_tui.api import errors
from korus_tui.config.credentials import CredentialsOpen
from korus_tui.counter.core.problems import Doing, of


def _leaves(cls: type[errors.ApiError]) -> list[type[errors.ApiError]]:
    return [cls] + [leaf for one in cls.__subclasses__() for leaf in _leaves(one)]


def _made(cls: type[errors.ApiError]) -> errors.ApiError:
    needed = {
        errors.Malformed: {"resource": "Order"},
        errors.TooLarge: {"limit": 1},
        errors.LinkRefused: {"reason": "port"},
    }
    return cls(**needed.get(cls, {}))


@pytest.mark.parametrize("cls", _leaves(errors.ApiError)[1:], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("doing", Doing)
def test_every_failure_has_words_of_its_own(cls: type[errors.ApiError], doing: Doing) -> None:
    problem = of(_made(cls), doing)
    assert cls.__name__ not in problem.what
    assert problem.meaning
    assert problem.next


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (errors.OutcomeUnknown(), True),
        (errors.NotNow(may_have_happened=True), True),
        (errors.NotNow(), False),
        (errors.NotSent(), False),
        (errors.Invalid(), False),
        (errors.SignInRefused(), False),
        (errors.ProxyAnswer(), False),
    ],
)
def test_only_what_may_have_happened_is_unknown(error: errors.ApiError, unknown: bool) -> None:
    order, hold = of(error, Doing.ORDER).meaning, of(error, Doing.HOLD).meaning
    assert ("Do not charge again" in order) is unknown
    assert ("Nothing was ordered" in order) is not unknown
    assert ("may be held" in hold) is unknown


def test_the_apis_words_stand_beside_ours_with_their_fields() -> None:
    violations = (errors.Violation("customer.email", "Adresse non valide."), errors.Violation("notes", "Trop long."))
    problem = of(errors.Invalid(violations=violations), Doing.ORDER)
    assert problem.words == "Adresse non valide. · Trop long."
    assert problem.fields == (("customer.email", "Adresse non valide."), ("notes", "Trop long."))


def test_credentials_that_cannot_be_used_are_said() -> None:
    error = errors.NotSent()
    error.__cause__ = CredentialsOpen("credentials.toml must belong to you (chmod 600)", "Make it yours.")
    problem = of(error, Doing.READ)
    assert "chmod 600" in problem.words
    assert "sign in" in problem.what
