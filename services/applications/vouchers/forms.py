"""The forms of a call for vouchers: what an applicant is asked, and what is reported afterwards."""

from contracts.expressions import Condition, Operand, Source, Test
from services.applications.forms.definition import Check, Definition, Page, Question

PROVIDER, REQUESTED = "provider", "requested"
"""Questions that the rules of a call rest on."""

APPLICATION = Definition(
    title={"en": "Application for a voucher"},
    pages=(
        Page(
            key="work",
            title={"en": "What you want to do"},
            questions=(
                Question(
                    key="purpose", kind="long_text", max_length=3000,
                    label={"en": "What do you want to find out or have done, and what for?"},
                ),
                Question(
                    key=PROVIDER, kind="organisation", among="providers",
                    label={"en": "With which knowledge provider?"},
                    help={"en": "In another region than yours. The list of knowledge providers names their services."},
                ),
                Question(
                    key="contribution", kind="long_text", max_length=2000,
                    label={"en": "What does the provider do, and what do you get at the end?"},
                ),
                Question(
                    key="effect", kind="long_text", max_length=2000,
                    label={"en": "What will change in your company?"},
                ),
            ),
        ),
        Page(
            key="money",
            title={"en": "Your costs"},
            questions=(
                Question(
                    key="costs", kind="table", least=1, most=20, label={"en": "What it will cost, without VAT"},
                    questions=(
                        Question(key="what", kind="short_text", label={"en": "What"}),
                        Question(key="amount", kind="money", label={"en": "Amount"}),
                    ),
                ),
                Question(key=REQUESTED, kind="money", label={"en": "You ask for"}),
            ),
        ),
        Page(
            key="declare",
            title={"en": "Declarations"},
            questions=(
                Question(
                    key="no_double_funding", kind="declaration",
                    label={"en": "Nobody else pays these costs."},
                ),
                Question(
                    key="independent", kind="declaration",
                    label={"en": "Neither of us owns or controls the other."},
                ),
            ),
        ),
    ),
    checks=(
        Check(
            key="not_above_costs",
            at=REQUESTED,
            must=Condition(
                tests=(
                    Test(
                        left=Source(of="answer", name=REQUESTED), op="at_most",
                        right=Operand(source=Source(of="answer", name="costs.amount")),
                    ),
                )
            ),
            text={"en": "You cannot ask for more than your costs."},
        ),
    ),
)  # fmt: skip

REPORT = Definition(
    title={"en": "Report on a voucher"},
    pages=(
        Page(
            key="result",
            title={"en": "What came of it"},
            questions=(
                Question(
                    key="done", kind="long_text", max_length=3000,
                    label={"en": "What was done, and by whom?"},
                ),
                Question(
                    key="outcome", kind="long_text", max_length=3000,
                    label={"en": "What did you learn or get, and what do you do next?"},
                ),
                Question(
                    key="again", kind="yes_no", label={"en": "Will you work with this provider again?"},
                ),
            ),
        ),
    ),
)  # fmt: skip
