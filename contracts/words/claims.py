"""Words of what is paid and how: rate tables, currencies, claim lines, receipts, recovery."""

from contracts.words.kinds import ActWords
from contracts.words.kinds import mark as _

FACTS: dict[str, str] = {
    "rate_table.published": _("A rate table was published"),
    "rate_table.lowered": _("A lowered rate table was proposed"),
    "rate_table.dropped": _("A lowered rate table was dropped"),
}
ACTS: dict[str, ActWords] = {
    "rate_table.lower": ActWords(
        _("Lower a rate table"),
        _("Propose the lowered table"),
        _("A partnership may only lower what is published. Another coordinator puts it into force."),
    ),
    "rate_table.confirm": ActWords(
        _("Put the lowered table into force"),
        _("Put it into force"),
        _("It counts for applications submitted from its first day on; no running case changes."),
    ),
    "rate_table.drop": ActWords(_("Drop the lowered table"), _("Drop it")),
}
STATES: dict[str, str] = {
    "rate_table.published": _("in force"),
    "rate_table.proposed": _("second person missing"),
    "rate_table.dropped": _("dropped"),
}
REFUSALS: dict[str, str] = {
    "rates-by-two": _("A lowered table is put into force by another person than proposed it."),
    "rates-confirmed-by-another": _("You proposed this table; another coordinator puts it into force."),
    "rates-not-backdated": _(
        "A lowered table counts from today at the earliest, and not before the table it lowers."
    ),
    "rate-unknown": _("The table has no entry “%(key)s”. Look at the table for its countries or bands."),
    "rate-only-lower": _("“%(key)s” stands at %(most)s EUR; a partnership may only lower it."),
    "rate-line": _(
        "“%(line)s” is no rate. Write a country or the first kilometre of a band, and an amount, as “EE = 150.00”."
    ),
    "no-such-table": _("There is no such rate table in force. Choose one of the list."),
    "ceiling-missing": _("Say up to which sum costs are paid; that much is set aside for each case."),
    "ceiling-and-categories": _(
        "What is paid with receipts needs both a sum and the kinds of costs. Give both, or neither."
    ),
    "lump-sum-stands": _(
        "A lump sum stands as it is: without intensity and without receipts. Choose another way to pay."
    ),
}
CODES: dict[str, str] = {
    "kind.lump_sum": _("A lump sum by country, halved for short or near stays"),
    "kind.unit_cost": _("Units: travel by distance, and a daily rate"),
    "kind.actual_cost": _("Actual costs with receipts, up to a ceiling"),
    "kind.voucher": _("A voucher for a service"),
    "rate_day.submission": _("InforEuro of the month in which the claim is filed"),
    "rate_day.invoice": _("InforEuro of the month of the receipt"),
    "rate_day.day": _("The European Central Bank's of the day of the receipt"),
    "scheme.clusterxchange": _("Lump sums by country"),
    "scheme.daily": _("Daily rates by country"),
    "scheme.travel": _("Travel units by distance"),
    "basis.confirmed": _("published"),
    "basis.inferred": _("inferred, not published"),
    "basis.lowered": _("lowered by the partnership"),
    "lump_sum": _("Lump sum"),
    "travel_unit": _("Travel, by distance"),
    "daily_unit": _("Daily rates"),
    "travel": _("Train, coach, ship or flight"),
    "accommodation": _("Accommodation"),
    "meals": _("Meals"),
    "local_transport": _("Bus, tram or metro on the spot"),
    "taxi": _("Taxi"),
    "fee": _("Fee of a conference or course"),
    "service": _("Service of a provider"),
    "material": _("Material"),
    "other": _("Other"),
}
PARTIES: dict[str, str] = {}
