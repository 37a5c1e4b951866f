"""The bank from the command line: its books stand in FOLDER/bank.json, what it sends in FOLDER/sent."""

import argparse
import sys
from datetime import date
from pathlib import Path

from deploy.bank.books import Account, Bank, Refused, refuse
from deploy.bank.dialects import DIALECTS
from deploy.bank.messages import Message


def main(given: list[str]) -> int:
    asked = _parser().parse_args(given)
    folder: Path = asked.folder
    (folder / "sent").mkdir(parents=True, exist_ok=True)
    books = folder / "bank.json"
    bank = Bank.load(books) if books.exists() else Bank()
    try:
        said = _do(bank, asked)
    except Refused as reason:
        print(f"refused: {reason} was taken before", file=sys.stderr)
        return 1
    bank.save(books)
    for message in said:
        name = f"{len(list((folder / 'sent').iterdir())) + 1:04}-{message.kind}.xml"
        (folder / "sent" / name).write_bytes(message.content)
        print(folder / "sent" / name)
    return 0


def _do(bank: Bank, asked: argparse.Namespace) -> list[Message]:
    match asked.act:
        case "open":
            bank.dialect = DIALECTS[asked.dialect]
            bank.accounts[asked.iban] = Account(asked.iban, asked.cents)
        case "take":
            bank.take(asked.file.read_bytes())
        case "refuse":
            report = refuse(asked.file.read_bytes(), asked.on, asked.reason, asked.only)
            return [Message("pain.002", "", report)]
        case "return":
            bank.give_back(asked.id, asked.reason, asked.fee)
        case "charge":
            bank.charge(asked.iban, asked.cents)
        case "move":
            bank.move(asked.iban, asked.cents, asked.text)
        case "close-day":
            return bank.close_day(asked.on)
        case _:
            print("\n".join(f"{account.iban} {account.cents}" for account in bank.accounts.values()))
    return []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bank", description="A bank to play with.")
    parser.add_argument("folder", type=Path)
    acts = parser.add_subparsers(dest="act", required=True)
    opening = acts.add_parser("open", help="an account, with its balance in cents")
    opening.add_argument("iban")
    opening.add_argument("cents", type=int)
    opening.add_argument("--dialect", choices=DIALECTS, default="plain")
    acts.add_parser("take", help="a payment file, and book it").add_argument("file", type=Path)
    refusal = acts.add_parser("refuse", help="a payment file, or one payment in it (pain.002)")
    refusal.add_argument("file", type=Path)
    refusal.add_argument("on", type=date.fromisoformat)
    refusal.add_argument("--reason", default="AM04")
    refusal.add_argument("--only", help="end-to-end id")
    back = acts.add_parser("return", help="a payment that was booked")
    back.add_argument("id", help="end-to-end id")
    back.add_argument("--reason", default="AC04")
    back.add_argument("--fee", type=int)
    charge = acts.add_parser("charge", help="an account")
    charge.add_argument("iban")
    charge.add_argument("cents", type=int)
    move = acts.add_parser("move", help="money in or (below zero) out, on other business")
    move.add_argument("iban")
    move.add_argument("cents", type=int)
    move.add_argument("text")
    acts.add_parser("close-day", help="and write statements and advices").add_argument(
        "on", type=date.fromisoformat
    )
    acts.add_parser("balances", help="of all customers' accounts, in cents")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
