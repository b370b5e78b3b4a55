"""The numbers of the acts as the naive twin has them, written from the text alone."""

from datetime import time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from simulators.law.means import MeanOf

HALF, FULL, FIFTH = Fraction(1, 2), Fraction(1), Fraction(1, 5)

# Bands: (refund below this temperature [Cel], share), lowest first; a lower edge is inside.
# outdoor: nothing is owed on days colder outdoors than the design temperature (18c in the matrix).
POLICIES: dict[str, dict[str, Any]] = {
    "CN-HA-2018": {  # Henan, arts 25 and 27
        "bands": [(Decimal(14), FULL), (Decimal(18), HALF)],
        "gate": timedelta(hours=48),
        "outage_gate": timedelta(hours=12),
        "excluded_days": 5,
        "use_by_contract": True,  # art. 26
        "outage_of_basic": True,  # of metered households
        "of_basic_and_reading": True,  # the same (7.11d)
    },
    "CN-HA-LY-2018": {  # Luoyang, arts 27 and 29
        "bands": [(Decimal(14), FULL), (Decimal(18), HALF)],
        "gate": timedelta(hours=48),
        "outage_gate": timedelta(hours=12),
        "outage_of_basic": True,  # of metered households
        "of_reading": True,  # the same
    },
    "CN-SD-LINYI-2017": {  # Linyi, arts 21, 30 and 32
        "outdoor": True,
        "bands": [(Decimal(14), FULL), (Decimal(16), HALF), (Decimal(18), FIFTH)],
        "outage_gate": timedelta(hours=24),
        "clock_at_evidence": True,
        "retest_lowest": True,
        "late_supplier": timedelta(hours=24),
        "refusal_is_compliant": True,
    },
    "CN-SD-TAIAN-2020": {  # Tai'an, arts 34 and 35
        "outdoor": True,
        "bands": [(Decimal(14), FULL), (Decimal(16), HALF), (Decimal(18), Fraction(3, 10))],
        "outage_elsewhere": timedelta(hours=24),
        "ends_any_length": True,  # wrong season dates
        "contract_first": True,
        "recovery_day_counts": True,
    },
    "CN-SD-QINGDAO-2017": {  # Qingdao, arts 51 and 52
        "bands": [(Decimal(14), FULL), (Decimal(16), HALF), (Decimal(18), FIFTH)],
        "outage_gate": timedelta(0),
        "clock_at_evidence": True,
        "per_room": True,
        "kitchens": True,
    },
    "CN-SD-BINZHOU-2016": {  # Binzhou, arts 16, 40 and 42
        "outdoor": True,
        "bands": [(Decimal(14), FULL), (Decimal(16), HALF), (Decimal(18), Fraction(3, 10))],
        "tops_in": (14, 16),
        "contract_first": True,
        "outage_gate": timedelta(hours=24),
        "ends_any_length": True,  # not supplied in the season
        "recovery_day_counts": True,
        "late_supplier": timedelta(hours=24),
        "late_if_shown": True,
        "refusal_is_compliant": True,
        "mean_of": MeanOf(3, 2, time(6), time(21)),
    },
    "CN-SD-HEZE-2017": {  # Heze, arts 42, 44 and 45
        "outdoor": True,
        "bands": [(Decimal(14), FULL), (Decimal(16), HALF), (Decimal(18), Fraction(3, 10))],
        "tops_in": (14, 16),
        "outage_over": timedelta(hours=24),
        "outages_over": timedelta(days=7),
        "recovery_day_counts": True,
        "late_supplier": timedelta(hours=24),
        "late_if_shown": True,
        "refusal_is_compliant": True,
        "per_room": True,
    },
    "CN-SD-WEIFANG-2021": {  # Weifang, arts 23 and 37
        "outdoor": True,
        "bands": [(Decimal(16), FULL), (Decimal(18), HALF)],
        "outage_gate": timedelta(hours=24),
        "outage_of_basic": True,  # of metered households
        "recovery_day_counts": True,
    },
}

TENTH, TWO_FIFTHS, THREE_FIFTHS = Fraction(1, 10), Fraction(2, 5), Fraction(3, 5)
QINGDAOS = [(Decimal(14), FULL), (Decimal(16), HALF), (Decimal(18), FIFTH)]
NEVER = Decimal(10**6)
#: Rows of the matrix (section 5) of which less is known; "?" is left out.
MATRIX: dict[str, dict[str, Any]] = {
    "CN-BJ-BF2022-0501": {  # the model contract by area
        # (from this deficit [K], whether it is in, up to that one, whether it is in, share)
        "deficits": [
            (Decimal(0), False, Decimal(2), False, TWO_FIFTHS),
            (Decimal(2), True, Decimal(4), False, THREE_FIFTHS),
            (Decimal(4), True, NEVER, False, FULL),
        ],
        "agreed": True,
        "clock_at_record": True,
        "per_room": True,
        "outage_gate": timedelta(0),
    },
    "CN-TJ-2010": {
        "deficits": [
            (Decimal(0), False, Decimal(2), True, TENTH),
            (Decimal(2), False, Decimal(6), True, HALF),
            (Decimal(6), False, NEVER, False, FULL),
        ],
        "agreed": True,
        "clock_at_record": True,
        "per_room": True,
        "gate": timedelta(hours=24),
        "gate_open": True,  # unresolved for more than 24 h
        "block": "dropped",
        "unmeasured_is_open": True,  # 100 %, though by when somebody measures is not said
        "recurs": True,  # met within 24 h and cold again: all the time, however soon that is
        "outage_over": timedelta(hours=24),
    },
    # outage_unseen: of which outages no clause was seen
    "CN-SD-YANTAI": {
        "outdoor": True,
        "bands": QINGDAOS,
        "block": "open",
        "outage_unseen": "any",
    },
    "CN-SN-XIAN-2018": {
        "outdoor": True,
        "bands": QINGDAOS,
        "clock_at_record": True,
        "net_of_basic": True,
        "outage_unseen": "any",
    },
    "CN-HL-2021": {
        "standard": Decimal(20),
        "bands": [(Decimal(16), FULL), (Decimal(20), HALF)],
        "clock_at_record": True,
        "nobody_measures": (time(10), time(14)),
        "outage_unseen": "any",
    },
    "CN-HL-HARBIN-pre2021": {
        "bands": [(Decimal(14), FULL), (Decimal(16), HALF), (Decimal(18), Fraction(3, 10))],
        "gate": timedelta(hours=48),
        "late_supplier": timedelta(hours=8),
        "late_band_open": True,  # deemed failing, in a band that is not named
        "outage_gate": timedelta(0),
        "outage_at_ends": True,  # late start, early end
        "outage_unseen": "inside",
    },
    "CN-NX-2025": {
        "standard": Decimal(20),
        "bands": [(Decimal(20), HALF)],
        "gate": timedelta(hours=48),
        "outage_over": timedelta(hours=72),
        "outages_over": timedelta(days=7),
        "outage_times": Fraction(2),
    },
    "CN-XJ-URUMQI-2013": {
        "standard": Decimal(20),
        "contract_bands": True,
        "gate": timedelta(hours=24),
        "outage_unseen": "any",
    },
    "CN-XJ-URUMQI-2002": {
        "contract_bands": True,
        "agreed": True,
        "use_by_contract": True,
        "force_majeure": True,
        "outage_elsewhere": timedelta(0),  # by the contract
    },
}
POLICIES |= MATRIX
