"""Documents: when they appear, their temporary address on another listener, and the PDF itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from sandbox_caller import SHOW, Caller, Json, paths
from sandbox_process import CATALOG_PATH

NOW = "2026-03-02T08:00:00Z"


def hand_over(caller: Caller, order: Json, language: str = "fr") -> Json:
    """The answer to the PATCH that gives a document's address."""
    headers = {"Content-Type": "application/merge-patch+json", "Accept-Language": language}
    answer = caller.http.patch(order["documents"][0], json={}, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def show_order(caller: Caller, quantity: int = 1) -> Json:
    [held] = caller.hold(caller.item(caller.roomy_offer(SHOW), quantity))
    return caller.ordered(held)[0]


def words_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the PDF's words cannot be read")
    file = folder / "ticket.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout


def test_a_ticket_is_a_real_pdf_with_a_page_for_each_ticket(caller: Caller, tmp_path: Path) -> None:
    order = show_order(caller, 2)
    given = hand_over(caller, order)
    pdf = httpx.get(given["temporaryUrl"], timeout=10)
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    assert b"%%EOF" in pdf.content[-16:]
    words = words_of(pdf.content, tmp_path)
    assert words.count("\f") == 4
    for text in ("Cinéscénie Adulte - Argent", order["reference"], "John Doe", "Valable toute la journée"):
        assert text in words
    for line in order["items"]:
        assert all(ticket["voucher"] in words for ticket in line["tickets"])


def test_the_qr_code_reads_as_the_ticket_s_voucher(caller: Caller, tmp_path: Path) -> None:
    if shutil.which("zbarimg") is None or shutil.which("pdftoppm") is None:
        pytest.skip("zbarimg and pdftoppm are not installed: the QR code cannot be read")
    order = show_order(caller)
    (tmp_path / "t.pdf").write_bytes(httpx.get(hand_over(caller, order)["temporaryUrl"], timeout=10).content)
    subprocess.run(["pdftoppm", "-r", "110", "-png", tmp_path / "t.pdf", tmp_path / "page"], check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    read = subprocess.run(["zbarimg", "-q", "--raw", *pages], capture_output=True, text=True, check=True).stdout
    assert read.split() == [ticket["voucher"] for ticket in order["items"][0]["tickets"]]


def test_the_language_of_the_file_follows_the_caller(caller: Caller, tmp_path: Path) -> None:
    order = show_order(caller)
    french, english = hand_over(caller, order), hand_over(caller, order, "en-US,en;q=0.8")
    assert (french["cachedLanguage"], english["cachedLanguage"]) == ("fr", "en")
    words = words_of(httpx.get(english["temporaryUrl"], timeout=10).content, tmp_path)
    assert "Valid all day" in words
    assert "Cinéscénie Adult - Silver" in words


@pytest.mark.options(document_delay=3, now=NOW)
def test_documents_can_be_had_a_little_after_the_order(own_caller: Caller) -> None:
    order = show_order(own_caller)
    document = own_caller.get(order["documents"][0])
    assert document["downloadableAt"] > order["createdAt"]
    assert own_caller.get(f"{order['@id']}/documents")["member"][0]["id"] == document["id"]
    assert paths(own_caller.patch(order["documents"][0], {})) == {"downloadableAt"}
    own_caller.sandbox.advance(4)
    assert hand_over(own_caller, order)["id"] == document["id"]
    assert own_caller.http.get(f"{order['@id']}/documents/none").status_code == 404


@pytest.mark.options(url_seconds=60, now=NOW)
def test_the_address_is_elsewhere_signed_lasting_a_while_and_refuses_tokens(own_caller: Caller) -> None:
    order = show_order(own_caller)
    url = hand_over(own_caller, order)["temporaryUrl"]
    assert not url.startswith(own_caller.sandbox.base_url)
    assert url.startswith(own_caller.sandbox.ready["storage_url"])
    statuses = [
        httpx.get(url, timeout=10).status_code,
        httpx.get(url, headers={"Authorization": own_caller.http.headers["Authorization"]}, timeout=10).status_code,
        httpx.get(url[:-1] + ("0" if url[-1] != "0" else "1"), timeout=10).status_code,
        httpx.get(re.sub(r"X-Expires=\d+", "X-Expires=9999999999", url), timeout=10).status_code,
        httpx.get(url.split("?")[0], timeout=10).status_code,
    ]
    assert statuses == [200, 400, 403, 403, 403]
    own_caller.sandbox.advance(61)
    ended = httpx.get(url, timeout=10)
    assert (ended.status_code, ended.headers["content-type"]) == (403, "application/xml")
    assert "Request has expired" in ended.text
    assert httpx.get(hand_over(own_caller, order)["temporaryUrl"], timeout=10).status_code == 200


def test_a_pass_has_no_document_before_its_holders_are_named(caller: Caller, tmp_path: Path) -> None:
    [offer] = caller.offers(caller.product("Pass annuel Adulte"))
    [order] = caller.ordered(caller.hold(caller.item(offer, 2))[0])
    assert order["documents"] == []
    first, second = order["items"][0]["tickets"]
    assert (first["status"], first["voucher"]) == ("waiting_beneficiary_data", None)
    assert first["requiredBeneficiaryFields"] == ["firstname", "lastname", "dateOfBirth"]
    assert first["beneficiaryDesignationDeadline"] > order["createdAt"]
    person = {"firstname": "Zoë", "lastname": "Łuczak", "dateOfBirth": "1990-02-28", "nationality": "PL"}
    assert paths(caller.patch(first["@id"], {"beneficiary": {"lastname": "Łuczak", "dateOfBirth": "yesterday"}})) == {
        "beneficiary.firstname",
        "beneficiary.dateOfBirth",
    }
    assert paths(caller.patch(first["@id"], {})) == {"beneficiary"}
    assert paths(caller.patch(first["@id"], {"beneficiary": person | {"nationality": "Polish"}})) == {
        "beneficiary.nationality"
    }
    named = caller.patch(first["@id"], {"beneficiary": person}).json()
    assert (named["status"], named["beneficiary"]["lastname"]) == ("validated", "Łuczak")
    assert caller.get(f"{order['@id']}/documents")["member"] == []
    assert caller.patch(second["@id"], {"beneficiary": person | {"firstname": "Anaïs"}}).is_success
    ready = caller.get(order["@id"])
    assert len(ready["documents"]) == 1
    words = words_of(httpx.get(hand_over(caller, ready)["temporaryUrl"], timeout=10).content, tmp_path)
    assert "Anaïs" in words
    assert "Sans date" in words


def test_a_holder_cannot_always_be_changed_nor_after_the_deadline(caller: Caller) -> None:
    [child] = caller.offers(caller.product("Pass annuel Enfant"))
    [order] = caller.ordered(caller.hold(caller.item(child, 2))[0])
    first, second = order["items"][0]["tickets"]
    assert first["beneficiaryAmendable"] is False
    person = {"beneficiary": {"firstname": "A", "lastname": "B", "dateOfBirth": "2018-01-01"}}
    assert caller.patch(first["@id"], person).is_success
    assert paths(caller.patch(first["@id"], person)) == {"beneficiary"}
    caller.sandbox.advance(15 * 86400)
    late = paths(caller.patch(second["@id"], person))
    caller.sandbox.advance(-15 * 86400)
    assert late == {"beneficiary"}


def test_a_cancelled_order_says_so_and_gives_no_document(caller: Caller) -> None:
    order = show_order(caller)
    caller.sandbox.control("cancel", order=order["reference"])
    shown = caller.get(order["@id"])
    assert shown["status"] == "cancelled"
    assert shown["cancelledAt"] >= shown["createdAt"]
    assert caller.patch(order["documents"][0], {}).status_code == 422


def test_tax_is_a_part_of_each_amount(caller: Caller) -> None:
    order = show_order(caller)
    parking = caller.offers(caller.product("Parking voiture"))[0]
    [car] = caller.ordered(caller.hold(caller.item(parking))[0])
    for one, rate in ((order, Decimal("1.055")), (car, Decimal("1.2"))):
        net, gross = Decimal(one["totalAmountExclTax"]), Decimal(one["totalAmountInclTax"])
        assert abs(net * rate - gross) < Decimal("0.01")
    assert re.fullmatch(r"KT-ORD-[0-9A-F]{13}", order["reference"])
    assert order["items"][0]["offer"].startswith(CATALOG_PATH)
