"""The applications service: the only place that builds its objects and joins its rules, pages, readers and steps."""

from pathlib import Path

from fastapi import FastAPI

from contracts.file import Infected
from services.applications import (
    application,
    catalogue,
    commands,
    consumers,
    downloads,
    form_pages,
    matching,
    report,
    steps,
    views,
    visit,
    voucher,
)
from services.applications.agreements import by_link, link_pages, naming, on_paper, signed_texts, signing
from services.applications.agreements import pages as agreement_pages
from services.applications.agreements.naming import SignatoryMailer
from services.applications.amendments import acts as amending
from services.applications.amendments import pages as amendment_pages
from services.applications.applying import api, drafts, moving, pages
from services.applications.break_glass import acts as breaking
from services.applications.break_glass import pages as break_glass_pages
from services.applications.calls import acts, call_editing, call_pages
from services.applications.calls import translating as call_translating
from services.applications.conversations import letter_pages, letters, talking, tray
from services.applications.conversations import reading as conversation_pages
from services.applications.conversations.arriving import Arrivals
from services.applications.deadlines import views as deadlines
from services.applications.forms import builder, form_views, translating, versions
from services.applications.groups import acts as group_acts
from services.applications.groups import pages as group_pages
from services.applications.groups import preparing as group_preparing
from services.applications.intake import awards, cut_offs, listing, ranking_views, saving
from services.applications.kinds import (
    agreements,
    amendments,
    applications,
    assessments,
    break_glasses,
    conversations,
    cutoffs,
    forms,
    groups,
    proposals,
    refused_files,
    reports,
    stages,
    stray_mails,
    visits,
    vouchers,
)
from services.applications.kinds import calls as call_kind
from services.applications.review import (
    assessing,
    assigning,
    deciding,
    evaluator_pages,
    holding,
    officer_pages,
    together,
)
from services.applications.review import views as review_views
from services.applications.vouchers import pages as voucher_pages
from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.refused_files import tell_senders
from services.chassis.service import Service
from services.chassis.settings import Settings

RULES = (
    amending, application, acts, assessing, breaking, by_link, commands, cut_offs, deciding, group_acts, holding,
    letters, matching, naming, on_paper, report, signing, talking, tray, versions, visit, voucher,
)  # fmt: skip
"""Modules whose rules are registered by being imported."""


def make_service(settings: Settings, *, clock: Clock | None = None, keys: Keys | None = None) -> Service:
    """The service over its database; clock and keys are given by tests."""
    service = Service(
        "applications", settings, templates=Path(__file__).parent / "templates", clock=clock, keys=keys
    )
    service.provide(service.files)
    service.dropped_files.current["draft_sections"] = drafts.NEWEST
    form_pages.add_form(service)
    service.faces(forms)
    tell_senders(service, refused_files, lambda sender: Infected(person=sender))
    form_views.add_forms(service)
    builder.add_builder(service)
    translating.add_translating(service)
    call_translating.add_translating(service)
    voucher_pages.add_vouchers(service)
    call_editing.add_editing(service)
    call_pages.add_calls(service)
    service.faces(call_kind, {"correct": call_pages.prepare_correction})
    ranking_views.add_rankings(service)
    listing.add_lists(service)
    awards.add_awards(service)
    saving.add_files(service)
    deadlines.add_deadlines(service)
    service.faces(cutoffs, {"settle": ranking_views.prepare_settling})
    pages.add_pages(service)
    moving.add_pages(service)
    api.add_api(service)
    service.faces(proposals, {"make": catalogue.prepare_proposal, "join": group_preparing.prepare_join})
    service.faces(
        groups,
        {
            "plan": group_preparing.prepare_plan,
            **dict.fromkeys(("change_agenda", "note_lessons"), group_preparing.prepare_text),
            **dict.fromkeys(("name_delegate", "remove_delegate"), group_preparing.prepare_delegate),
        },
    )
    group_pages.add_groups(service)
    catalogue.add_catalogue(service)
    decided: tuple[str, ...] = ("opine", "select", "refuse", "return", "grant_appeal", "refuse_appeal")
    service.faces(applications, dict.fromkeys(decided, views.prepare_decision))
    evaluator_pages.add_sheet(service)
    together.add_together(service)
    assigning.add_assigning(service)
    service.faces(
        stages,
        {"judge": officer_pages.prepare_judgement, "reassign": officer_pages.prepare_reassignment},
    )
    service.faces(
        assessments,
        {"assign": officer_pages.prepare_assignment, "declare": evaluator_pages.prepare_declaration},
    )
    evaluator_pages.add_pages(service)
    officer_pages.add_pages(service)
    link_pages.add_link(service)
    service.faces(
        agreements,
        {
            "sign": agreement_pages.prepare_signature,
            "name_signatory": agreement_pages.prepare_naming,
            "confirm_paper": agreement_pages.prepare_comparison,
            "send_back_paper": agreement_pages.prepare_comparison,
        },
    )
    agreement_pages.add_agreements(service)
    service.in_background(SignatoryMailer(service.database, settings, service.pages).run)
    service.faces(
        visits, dict.fromkeys(("validate", "grant_appeal", "refuse_appeal"), views.prepare_validation)
    )
    report.add_reports(service)
    service.faces(reports)
    service.faces(vouchers)
    review_views.add_views(service)
    asked = amendment_pages.prepare_decision
    service.faces(amendments, {"request": amendment_pages.prepare_request, "agree": asked, "refuse": asked})
    amendment_pages.add_amendments(service)
    service.faces(break_glasses, {"request": break_glass_pages.prepare_request})
    break_glass_pages.add_break_glasses(service)
    service.faces(conversations, {"send_letter": letter_pages.prepare_letter})
    letter_pages.add_letters(service)
    conversation_pages.add_conversations(service)
    service.faces(stray_mails, {"file": tray.prepare_filing})
    tray.add_tray(service)
    service.in_background(Arrivals(service).run)
    views.add_views(service)
    downloads.add_downloads(service)
    signed_texts.add_signed_texts(service)
    consumers.hear(service.reader)
    steps.offer(service)
    return service


def make_app(settings: Settings) -> FastAPI:
    """What a process serves."""
    return make_service(settings).app
