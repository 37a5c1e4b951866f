"""Which countries exist, may take part, and can be paid by SEPA; by date where that changes.

ISO 3166-1 alpha-2 codes, and XK, which IBANs and banks use for Kosovo though ISO leaves it to its users."""

from datetime import date

CODES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK
    YE YT ZA ZM ZW
    """.split()
)

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())

# Associated to COSME, as the list of an official COSME project has it (worth-partnership.ec.europa.eu).
COSME_ASSOCIATED = frozenset("AL AM BA IS MD ME MK RS TR UA XK".split())

ELIGIBLE = EU | COSME_ASSOCIATED

# Members of the SEPA schemes; those with a date can be reached from that day on.
_SEPA = EU | frozenset("AD CH GB IS LI MC NO SM VA".split())
_SEPA_SINCE = {
    "AL": date(2025, 10, 7),
    "MD": date(2025, 10, 7),
    "ME": date(2025, 10, 7),
    "MK": date(2025, 10, 7),
    "RS": date(2026, 5, 5),
}


def in_sepa(country: str, on: date) -> bool:
    """Whether an account held in that country can be paid by a SEPA credit transfer on that day."""
    return country in _SEPA or (country in _SEPA_SINCE and on >= _SEPA_SINCE[country])
