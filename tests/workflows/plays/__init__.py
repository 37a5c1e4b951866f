"""All plays of the book, registered by being imported here."""

from tests.workflows.playbook import PLAYS
from tests.workflows.plays import grant_approval, review, short_stories, visit_and_claim

__all__ = ["PLAYS", "grant_approval", "review", "short_stories", "visit_and_claim"]
