"""Sales that are over, for every test of what comes after an order."""

from __future__ import annotations

from sandbox_process import CATALOG, CATALOG_PATH
from till import Till

from korus_tui.sale import events as e
from korus_tui.sale.money import Money
from korus_tui.sale.reference import mint
from korus_tui.sale.state import Sale
from korus_tui.sale.values import Customer, Line, Method, Mode, Payment, TicketChoice

LEA = Customer("Léa", "Fictive", "lea@example.org")
BIRTHDAY = {"firstname": "Léa", "lastname": "Fictive", "dateOfBirth": "7/6/1990"}


async def finished(till: Till, customer: Customer | None = None, *lines: Line) -> Sale:
    """A sale that has ended, as its last event left it."""
    sale = await till.hold(*(lines or (await till.line(),)))
    if customer is not None:
        await till.services.checkout.enter_customer(sale.reference, customer)
        await till.services.checkout.start(sale.reference, Method.CASH)
    else:
        await till.start_payment(sale.reference)
    await till.pay(sale.reference)
    await till.until(sale.reference, lambda one: one.all_ordered)
    return await till.services.desk.record(sale.reference, e.SaleFinished())


async def not_understood(till: Till) -> str:
    """An open sale as looser rules once let it be recorded: 20 euros of cash, and no payment begun. Its reference."""
    reference, counter = mint(), till.services.desk.counter
    paid = Payment("p", Method.CASH, Money.of("20", "EUR"), tendered=Money.of("20", "EUR"))
    events = (e.SaleOpened(reference, CATALOG, Mode(counter.mode), "fr"), e.PaymentTaken(paid))
    journal = await till.services.desk.ledger.journal()
    await journal.append(reference, events, at=till.services.clock.now(), agent=counter.agent, till=counter.till)
    return reference


async def pass_line(till: Till, quantity: int = 2) -> Line:
    """People of the annual pass, whose tickets are made out to a name."""
    with till.sandbox.http() as http:
        answer = http.get(f"{CATALOG_PATH}/products", params={"itemsPerPage": 50, "page": 2}).json()["member"]
        answer += http.get(f"{CATALOG_PATH}/products", params={"itemsPerPage": 50}).json()["member"]
        product = next(one["id"] for one in answer if one["name"].startswith(("Pass annuel", "Annual pass")))
        offer = http.get(f"{CATALOG_PATH}/offers", params={"product": product}).json()["member"][0]
        tickets = http.get(f"{offer['@id']}/tickets").json()["member"]
    choices = tuple(TicketChoice(ticket["@id"], ticket["name"]) for ticket in tickets)
    price = Money.of(offer["price"]["amountInclTax"], "EUR")
    return Line("pass", offer["@id"], product, "Annual pass", None, quantity, price, choices)
