"""Steps: what workflows ask of a service, and the way to Temporal."""

from services.chassis.steps.offers import Offering, Offers
from services.chassis.steps.temporal import BUILD, connect, persist

__all__ = ["BUILD", "Offering", "Offers", "connect", "persist"]
