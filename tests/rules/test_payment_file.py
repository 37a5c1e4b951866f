"""Payment files: valid by the official schema, the same bytes each time, refused when anything is wrong."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sepaxml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from contracts.errors import DomainError
from contracts.words import REFUSALS
from services.reimbursements.banking.iban import bic_of, grouped, masked, parse_bic, parse_iban
from services.reimbursements.banking.latin import ALLOWED, latin
from services.reimbursements.banking.sepa import Address, Order, Party, Transfer, end_to_end_id, write
from services.reimbursements.banking.sepa_check import check
from services.reimbursements.banking.target import execution_day, latest_execution

SCHEMA = etree.XMLSchema(file=str(Path(sepaxml.__file__).parent / "schemas/pain.001.001.09.xsd"))
CREATED = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
MEMBER = Party(
    "BioRN Life Science Cluster Rhine-Neckar",
    Address("Heidelberg", "DE", "Im Neuenheimer Feld", "582", "69120"),
    "DE89370400440532013000",
    "COBADEFFXXX",
)
OTHER_MEMBER = Party("Biopeople", Address("København", "DK"), "DK5000400440116243")
PORTO = Party("Inovação & Saúde Lda.", Address("Porto", "PT"), "PT50000201231234567890154")
TARTU = Party("Tartu Biotehnoloogia Park OÜ", Address("Tartu", "EE"), "EE382200221020145685", "HABAEE2X")
ORDERS = (
    Order(
        "B-2026-0001-1",
        MEMBER,
        date(2026, 9, 16),
        (
            Transfer(
                end_to_end_id("C-2026-000017", 1), 78_000, PORTO, "ClusterXchange lump sum C-2026-000017"
            ),
            Transfer(
                end_to_end_id("C-2026-000018", 2), 33_500, TARTU, "ClusterXchange lump sum C-2026-000018"
            ),
        ),
    ),
    Order(
        "B-2026-0001-2",
        OTHER_MEMBER,
        date(2026, 9, 16),
        (Transfer(end_to_end_id("C-2026-000019", 1), 110_000, TARTU, "ClusterXchange C-2026-000019"),),
    ),
)
AUTHORISED = {"B-2026-0001-1": 111_500, "B-2026-0001-2": 110_000}


def file_of(orders: tuple[Order, ...] = ORDERS) -> bytes:
    return write("B-2026-0001", CREATED, "CELIS partnership", orders).content


def slugs(content: bytes, used: tuple[str, ...] = ()) -> set[str]:
    return {fault.slug for fault in check(content, AUTHORISED, used)}


def test_the_file_is_valid_and_has_no_fault() -> None:
    SCHEMA.assertValid(etree.fromstring(file_of()))
    assert check(file_of(), AUTHORISED, ()) == []


def test_the_same_orders_give_the_same_bytes() -> None:
    assert file_of() == file_of()


def test_one_block_per_paying_account_with_its_own_sums() -> None:
    text = file_of().decode()
    assert re.findall(r"<NbOfTxs>(\d+)</NbOfTxs>", text) == ["3", "2", "1"]
    assert re.findall(r"<CtrlSum>([\d.]+)</CtrlSum>", text) == ["2215.00", "1115.00", "1100.00"]
    assert text.count("<PmtInf>") == text.count("<BtchBookg>false</BtchBookg>") == 2
    assert text.count("<ChrgBr>SLEV</ChrgBr>") == text.count("<Cd>SEPA</Cd>") == 2
    assert "<BICFI>HABAEE2X</BICFI>" in text and "AdrLine" not in text


def test_changed_and_cut_texts_are_shown() -> None:
    endless = replace(PORTO, name="Ł" * 80)
    order = replace(ORDERS[0], transfers=(replace(ORDERS[0].transfers[0], payee=endless),))
    written = write("B-1", CREATED, "CELIS", (order,))
    change = next(change for change in written.changes if change.where == "C-2026-000017-1")
    assert (change.field, change.original, change.written, change.cut) == ("Nm", "Ł" * 80, "L" * 70, True)
    assert any(
        change.original == "Inovação & Saúde Lda." for change in write("B", CREATED, "C", ORDERS).changes
    )


def swap(old: str, new: str) -> Callable[[str], str]:
    def mutate(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return mutate


MUTATIONS: dict[str, tuple[Callable[[str], str], str]] = {
    "count of the group": (swap("<NbOfTxs>3<", "<NbOfTxs>2<"), "count"),
    "count of an order": (swap("<NbOfTxs>2<", "<NbOfTxs>5<"), "count"),
    "sum of the group": (swap("<CtrlSum>2215.00<", "<CtrlSum>2215.01<"), "sum"),
    "sum of an order": (swap("<CtrlSum>1115.00<", "<CtrlSum>9.00<"), "sum"),
    "another amount, sums adjusted": (
        lambda text: text.replace("1100.00", "1200.00").replace("2215.00", "2315.00"),
        "not-authorised",
    ),
    "an order that nobody authorised": (swap("B-2026-0001-2", "B-2026-0009-2"), "not-authorised"),
    "amount zero": (swap(">780.00<", ">0.00<"), "amount"),
    "fraction of a cent": (swap(">780.00<", ">780.005<"), "amount"),
    "another currency": (swap('Ccy="EUR"', 'Ccy="USD"'), "amount"),
    "check digits of the payee": (swap("PT50000201", "PT51000201"), "iban"),
    "check digits of the payer": (swap("DE8937", "DE8837"), "iban"),
    "an account outside SEPA": (swap("EE382200221020145685", "TR330006100519786457841326"), "outside-sepa"),
    "a country that does not exist": (swap("<Ctry>PT<", "<Ctry>ZZ<"), "country"),
    "no country": (swap("<Ctry>PT</Ctry>", ""), "country-missing"),
    "no town": (swap("<TwnNm>Porto</TwnNm>", ""), "town-missing"),
    "no name": (swap("<Nm>Biopeople</Nm>", ""), "name-missing"),
    "letters of another alphabet": (swap("<Nm>Biopeople<", "<Nm>Бiopeople<"), "characters"),
    "an ampersand": (swap("Inovacao + Saude", "Inovacao &amp; Saude"), "characters"),
    "a Saturday": (swap("2026-09-16", "2026-09-19"), "bank-day"),
    "Good Friday": (swap("2026-09-16", "2027-03-26"), "bank-day"),
    "an end-to-end id twice": (swap("C-2026-000018-2", "C-2026-000017-1"), "id-repeated"),
    "an order id twice": (swap("B-2026-0001-2", "B-2026-0001-1"), "id-repeated"),
    "a slash at the start of an id": (swap(">C-2026-000017-1<", ">/C-2026-000017-1<"), "id"),
    "an id of 36 characters": (swap(">C-2026-000017-1<", f">{'C' * 36}<"), "id"),
    "urgent instead of SEPA": (swap("<Cd>SEPA<", "<Cd>URGP<"), "terms"),
    "charges to the payee": (swap(">SLEV<", ">CRED<"), "terms"),
    "booked as one sum": (swap(">false<", ">true<"), "terms"),
    "an older version": (lambda text: text.replace("pain.001.001.09", "pain.001.001.03"), "unreadable"),
    "half a file": (lambda text: text[: len(text) // 2], "unreadable"),
    "an entity": (
        lambda text: text.replace("<Document", "<!DOCTYPE a [<!ENTITY b 'c'>]><Document", 1),
        "unreadable",
    ),
    "no id of a payment": (swap("<EndToEndId>C-2026-000017-1</EndToEndId>", ""), "unreadable"),
}


@pytest.mark.parametrize(("mutate", "slug"), MUTATIONS.values(), ids=MUTATIONS.keys())
def test_a_file_with_this_fault_is_refused(mutate: Callable[[str], str], slug: str) -> None:
    content = mutate(file_of().decode()).encode()
    faults = check(content, AUTHORISED, ())
    assert slug in {fault.slug for fault in faults}
    assert all(REFUSALS[f"file-{fault.slug}"] % fault.params for fault in faults)


def test_an_id_used_by_an_earlier_file_is_refused() -> None:
    assert slugs(file_of(), used=("C-2026-000019-1", "C-2025-000001-1")) == {"id-used"}


def test_five_thousand_payments_make_a_checked_file() -> None:
    transfers = tuple(Transfer(f"C-{n:06}-1", 100 + n, PORTO, f"Lump sum {n}") for n in range(5_000))
    order = replace(ORDERS[0], transfers=transfers)
    content = write("B-1", CREATED, "CELIS", (order,)).content
    SCHEMA.assertValid(etree.fromstring(content))
    assert check(content, {order.id: order.cents}, ()) == []


@given(st.text(max_size=200), st.integers(1, 140))
def test_any_text_becomes_one_that_banks_take(original: str, longest: int) -> None:
    written = latin(original, longest)
    assert ALLOWED.issuperset(written.text)
    assert len(written.text) <= longest
    assert written.text == latin(written.text, longest).text


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("Żółć i Źdźbło Sp. z o.o.", "Zolc i Zdzblo Sp. z o.o."),
        ("Söhne & Groß GmbH", "Sohne + Gros GmbH"),
        ("Ελληνικό Βιο-Cluster", "Elliniko Vio-Cluster"),
        ("Институт по биотехнологии", "Institut po biotehnologii"),
        ("Ærø Ångström", "AEro Angstrom"),
        ("a@b_c;d", "a(at)b-c,d"),
        ("日本", ".."),
    ],
)
def test_names_in_the_letters_of_banks(original: str, text: str) -> None:
    assert latin(original, 70).text == text


def test_ibans_are_checked_and_masked() -> None:
    assert parse_iban(" de89 3704 0044 0532 0130 00 ") == MEMBER.number
    assert masked(MEMBER.number) == "DE** **** 3000"
    assert grouped(MEMBER.number) == "DE89 3704 0044 0532 0130 00"
    assert bic_of(MEMBER.number) == "COBADEFFXXX"
    assert bic_of(PORTO.number) is None
    assert parse_bic("habaee2x") == "HABAEE2X"


@pytest.mark.parametrize(
    "wrong", ["", "DE88370400440532013000", "DE8937040044053201300", "ZZ89370400440532013000"]
)
def test_a_wrong_iban_is_refused(wrong: str) -> None:
    with pytest.raises(DomainError, match="iban-invalid"):
        parse_iban(wrong)


def test_execution_is_in_time_for_the_due_date() -> None:
    assert latest_execution(date(2026, 9, 18)) == date(2026, 9, 17)
    assert latest_execution(date(2026, 9, 20)) == date(2026, 9, 17)  # due on a Sunday: there on Friday
    assert execution_day(date(2026, 9, 14), date(2026, 9, 18)) == date(2026, 9, 17)
    assert execution_day(date(2026, 4, 3), date(2026, 4, 3)) == date(2026, 4, 7)  # late, and over Easter
