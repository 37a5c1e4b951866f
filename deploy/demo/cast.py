"""Who plays: the seeded people of the partnerships, and the companies that each run makes for itself."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from joserfc.jwk import OKPKey
from schwifty import IBAN
from stdnum.ee import ik
from stdnum.pl import regon

from contracts.ids import named_id, new_id
from deploy.demo.client import PATIENCE, Journal, Person, Refused
from deploy.local.layout import Layout
from services.chassis.identity.tokens import Identity, sign

CE4BIG = str(named_id("partnership", "CE4BIG"))
CELIS = str(named_id("partnership", "CELIS"))
KRAKOW = str(named_id("organisation", "Klaster LifeScience Kraków"))
TARTU = str(named_id("organisation", "Tartu Biotechnology Park"))
DAY = 12 * 60 * 60


class Company(NamedTuple):
    """A company of a run and the person who acts for it."""

    person: str
    mail: str
    name: str
    town: str
    cluster: str


COMPANIES: Mapping[str, Company] = {
    "host": Company("Kadri Tamm", "kadri.tamm", "Tartu Diagnostics", "Tartu", TARTU),
    "paid": Company("Ewa Nowak", "ewa.nowak", "Helixon", "Kraków", KRAKOW),
    "virtual": Company("Adam Wilk", "adam.wilk", "Medolab", "Kraków", KRAKOW),
    "rejected": Company("Irena Mazur", "irena.mazur", "Biosens", "Kraków", KRAKOW),
    "withdrawn": Company("Karol Bielak", "karol.bielak", "Proteon", "Kraków", KRAKOW),
    "lapsed": Company("Hanna Sikora", "hanna.sikora", "Genovia", "Kraków", KRAKOW),
    "member-1": Company("Julia Banas", "julia.banas", "Immunolog", "Kraków", KRAKOW),
    "member-2": Company("Tomasz Reja", "tomasz.reja", "Cytomax", "Kraków", KRAKOW),
}


class Cast:
    """The people of one run. What a run has made is kept in its own file, so that it can be resumed."""

    def __init__(self, layout: Layout, api: httpx.AsyncClient, run: str) -> None:
        self.run = run
        self.layout = layout
        self._api = api
        self._mail = httpx.AsyncClient(base_url=layout.url("mail"), timeout=10)
        self._file = layout.data / "demo" / f"{run}.json"
        self._kept: dict[str, Any] = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.journal = Journal(layout.data / "journal" / f"{run}.jsonl")
        self._key = signing_key(layout)

    def seeded(self, key: str, story: str) -> Person:
        """A seeded person, signed in with the local stack's own key."""
        person = Person(self._api, self.journal, str(named_id("person", key)), key, f"{self.run}:{story}")
        person.token = token_of(key, key, self._key)
        return person

    async def newcomer(self, name: str, mail: str, story: str) -> Person:
        """Registers by mail like anybody: asks for a link, reads the mail, opens the link."""
        address = f"{mail}.{self.run}@company.example"
        kept = self.kept(f"person:{address}")
        if kept is None:
            kept = self.keep(f"person:{address}", await self._registered(name, address))
        person = Person(self._api, self.journal, kept["person"], name, f"{self.run}:{story}")
        person.token, person.session = kept["token"], kept["session"]
        return person

    def kept(self, name: str) -> Any | None:
        return self._kept.get(name)

    def keep(self, name: str, value: Any) -> Any:
        """Remembers what was made, for a resumed run."""
        self._kept[name] = value
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial")
        partial.write_text(json.dumps(self._kept, indent=1))
        partial.replace(self._file)
        return value

    def iban(self) -> str:
        """The account that this run's budget line pays from."""
        return account(self.run, 0)

    async def _registered(self, name: str, address: str) -> Any:
        """As people do it: whoever hears nothing, or whose link was spent and the answer lost, asks again."""
        deadline, problem = time.monotonic() + PATIENCE, "no mail arrived"
        while time.monotonic() < deadline:
            try:
                joining = {"name": name, "email": address, "language": "en"}
                answer = await self._api.post("/api/v1/people/join", json=joining)
                if answer.is_success and (secret := await self._link(address)):
                    answer = await self._api.post("/api/v1/sign-in/confirm", json={"token": secret})
                    if answer.is_success:
                        return answer.json()
                problem = answer.text[:300]
            except httpx.HTTPError as reason:
                problem = repr(reason)
            await asyncio.sleep(1)
        raise Refused(f"{name} could not register: {problem}")

    async def _link(self, address: str) -> str | None:
        """The secret in the newest mail to this address; None if there is none in a while."""
        deadline = time.monotonic() + PATIENCE / 3
        while time.monotonic() < deadline:
            for mail in (await self._mail.get("/api/mails", params={"to": address})).json():
                if found := re.search(r"[?&]token=([\w~.-]+)", str(mail["text"])):
                    return found[1]
            await asyncio.sleep(0.1)
        return None


def signing_key(layout: Layout) -> OKPKey:
    """The key that the local stack's directory signs tokens with."""
    file: Path = layout.data / "directory" / "signing-key.json"
    return OKPKey.import_key(json.loads(file.read_text()))


def token_of(key: str, name: str, signing: OKPKey) -> str:
    """A bearer token of a seeded person, good for half a day."""
    identity = Identity(named_id("person", key), new_id(), 2, name, "en", "local", int(time.time()) + DAY)
    return sign(identity, signing, DAY)


def registration_number(town: str, *parts: str) -> str:
    """A well-formed number of a made-up enterprise in the register of Estonia (Tartu) or Poland (Kraków)."""
    number = named_id("register", *parts).int % 10**7
    if town == "Tartu":
        digits = f"1{number:07d}"[:7]
        return digits + str(ik.calc_check_digit(f"{digits}0"))
    digits = f"1{number:07d}"
    return digits + str(regon.calc_check_digit(digits))


def account(run: str, number: int) -> str:
    """A valid account number of a made-up customer of a Polish bank."""
    digits = f"{named_id('account', run, number).int % 10**16:016d}"
    return IBAN.generate("PL", bank_code="10901014", account_code=digits).compact
