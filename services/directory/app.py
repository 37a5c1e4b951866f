"""The directory service: the only place that builds its objects and joins rules, pages, jobs and steps."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI
from joserfc.jwk import KeySet
from starlette.responses import JSONResponse

from contracts.profile_file import Infected
from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.refused_files import tell_senders
from services.chassis.service import Service
from services.chassis.settings import Settings
from services.directory import (
    account,
    consumers,
    import_views,
    label_views,
    mandate,
    membership,
    membership_views,
    merging,
    organisation,
    participation,
    participation_views,
    partnership,
    people,
    preparing,
    profile,
    providers,
    public_views,
    recognition,
    roles,
    seeding,
    steps,
    views,
)
from services.directory.consortium import actual, deliverable, deliverable_views, work_package
from services.directory.consortium import preparing as planning
from services.directory.consortium import views as consortium_views
from services.directory.consortium.kinds import deliverables, work_packages
from services.directory.excellence import assessment_views, indicator_set, self_assessment, set_views
from services.directory.excellence.kinds import indicator_sets, self_assessments
from services.directory.kinds import (
    factor_resets,
    mandates,
    memberships,
    organisations,
    participations,
    partnerships,
    recognitions,
    refused_files,
    role_grants,
    sign_ins,
)
from services.directory.kinds import (
    people as people_kind,
)
from services.directory.portfolio import member_service
from services.directory.portfolio import views as portfolio_views
from services.directory.portfolio.kinds import member_services
from services.directory.signing_in import (
    acting_pages,
    factors,
    other_pages,
    reset_pages,
    second_pages,
    security_pages,
)
from services.directory.signing_in import pages as signing_in
from services.directory.signing_in.entering import Entrance
from services.directory.signing_in.mailer import Mailer
from services.directory.signing_in.provider import Provider
from services.directory.signing_in.secret import signing_key
from services.directory.signing_in.sessions import Sessions

RULES = (
    organisation,
    merging,
    recognition,
    membership,
    mandate,
    participation,
    partnership,
    work_package,
    deliverable,
    indicator_set,
    self_assessment,
    member_service,
    people,
    roles,
    factors,
)
"""Modules whose rules are registered by being imported."""


def make_service(settings: Settings, *, clock: Clock | None = None) -> Service:
    """The service over its database; the clock is given by tests. It renews its own tokens itself."""
    key = signing_key(settings.data)
    public = KeySet([key])

    async def renew(session: str) -> str:
        return await sessions.renewed(session)

    service = Service(
        "directory",
        settings,
        templates=Path(__file__).parent / "templates",
        clock=clock,
        keys=Keys("", public, renew),
        hears_roles=False,
    )
    sessions = Sessions(service.database, key)
    tell_senders(service, refused_files, lambda sender: Infected(person=sender))
    mailer = Mailer(service.database, settings, service.pages)

    @service.app.get("/.well-known/jwks.json", tags=["sign_in"], summary="Keys that tokens are signed with")
    async def keys() -> JSONResponse:
        return JSONResponse(public.as_dict(private=False))

    entrance, provider = Entrance(service, sessions), Provider(settings)
    service.app.include_router(signing_in.routes(service, entrance, mailer, provider))
    service.app.include_router(other_pages.routes(service, entrance, mailer, provider))
    service.app.include_router(second_pages.routes(service, entrance))
    service.app.include_router(security_pages.routes(service, provider))
    service.app.include_router(reset_pages.routes(service))
    service.app.include_router(acting_pages.routes(service, entrance, sessions))
    service.faces(factor_resets)
    service.faces(people_kind, {"describe": account.prepare_details})
    service.faces(
        organisations,
        {
            "register": preparing.prepare_registration,
            "describe": preparing.prepare_description,
            "change": preparing.prepare_change,
            **dict.fromkeys(("confirm", "verify"), preparing.prepare_judgement),
            "merge": preparing.prepare_merge,
        },
    )
    service.faces(
        memberships, {"invite": membership_views.prepare_invitation, "ask": membership_views.prepare_asking}
    )
    service.faces(mandates, {"give": membership_views.prepare_mandate})
    service.faces(
        partnerships,
        {
            "form": preparing.prepare_partnership,
            "revise": planning.prepare_revision,
            "plan": planning.prepare_numbers,
        },
    )
    service.faces(work_packages, {"plan": planning.prepare_new, "replan": planning.prepare_change})
    service.faces(
        deliverables,
        {
            "plan": planning.prepare_new,
            "replan": planning.prepare_change,
            **dict.fromkeys(("review", "return", "accept", "refuse"), planning.prepare_judgement),
        },
    )
    service.faces(
        participations,
        {
            "submit": profile.prepare_submission,
            "revise": profile.prepare_revision,
            **dict.fromkeys(("validate", "return", "reject"), profile.prepare_decision),
        },
    )
    service.faces(recognitions, dict.fromkeys(("apply", "report"), label_views.prepare_label))
    service.app.include_router(assessment_views.pages(service))
    service.faces(
        indicator_sets,
        {
            "describe": set_views.prepare_description,
            "put_indicator": set_views.prepare_indicator,
            "remove_indicator": set_views.prepare_removal,
        },
    )
    service.faces(self_assessments)
    service.faces(
        member_services,
        {"plan": member_service.prepare_plan, "describe": member_service.prepare_description},
    )
    service.faces(role_grants, {"grant": account.prepare_grant})
    service.faces(sign_ins)
    for module in (
        account,
        views,
        consortium_views,
        deliverable_views,
        membership_views,
        participation_views,
        import_views,
        label_views,
        set_views,
        portfolio_views,
        public_views,
        providers,
    ):
        service.app.include_router(module.pages(service))
    service.in_background(mailer.run)
    service.at_start(partial(seeding.begin, service.database, service.clock, settings))
    consumers.hear(service.reader)
    actual.hear(service.reader)
    steps.offer(service.offers)
    return service


def make_app(settings: Settings) -> FastAPI:
    """What a process serves."""
    return make_service(settings).app
