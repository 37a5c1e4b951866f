"""Writes the mails with links to sign in, to join, and to take up an invitation."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from services.chassis import mailing
from services.chassis.database import Tx
from services.chassis.mailing import Worded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code
from services.directory.models import Membership, Organisation, Person, SignInLink
from services.directory.people import person_at
from services.directory.signing_in.links import INVITED_FOR, VALID

PAGE = "/sign-in/confirm"


@dataclass(frozen=True)
class Letter(mailing.Letter):
    about: Literal["sign_in", "joining", "invitation"]
    organisation: str = ""
    inviter: str = ""
    role: str = ""
    identity: bool = False

    def worded(self) -> Worded:
        if self.about == "invitation":
            given = {
                "who": self.inviter or self.organisation,
                "organisation": self.organisation,
                "role": code(f"membership.{self.role}"),
            }
            return Worded(
                _("%(organisation)s invites you to act for it") % given,
                [
                    _("%(who)s invites you to act for %(organisation)s as: %(role)s.") % given,
                    _("This link signs you in and shows the invitation. It works once, within 7 days."),
                    _("If you do not know this organisation, do nothing."),
                ],
                _("Look at the invitation"),
                PAGE,
            )
        joining = self.about == "joining"
        return Worded(
            _("Confirm your mail address") if joining else _("Your link to sign in to Relais"),
            [
                _("Use this link to sign in. It works once, within 30 minutes."),
                *(
                    [
                        _(
                            "It also links the identity that you came with from another site, if you open it in "
                            "the browser in which you asked for it."
                        )
                    ]
                    if self.identity
                    else []
                ),
                _("If you did not ask for it, do nothing: without the link nobody is signed in."),
            ],
            _("Sign in"),
            PAGE,
        )


class Mailer(mailing.Mailer[SignInLink]):
    model = SignInLink
    give_up_after = timedelta(hours=1)

    async def letter(self, tx: Tx, link: SignInLink) -> Letter | None:
        """None when nobody has the address."""
        person = await person_at(tx, link.address)
        if person is None and not link.name:
            return None
        link.expires_at = datetime.now(UTC) + (INVITED_FOR if link.membership else VALID)
        if person is None:
            return Letter(link.address, link.name, link.language, "joining")
        reader = (person.email, person.name, person.language)
        if link.membership is None:
            return Letter(*reader, "sign_in", identity=link.identity is not None)
        invitation = await tx.found(Membership, link.membership)
        organisation = await tx.found(Organisation, invitation.organisation)
        inviter = await tx.get(Person, invitation.invited_by) if invitation.invited_by else None
        return Letter(
            *reader, "invitation", organisation.name, inviter.name if inviter else "", invitation.role
        )
