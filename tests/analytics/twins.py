"""How kernels and their naive twins are drawn worlds for."""

from datetime import timedelta

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from domain.validity import validity_us
from tests.naive import US

QUICK = settings(max_examples=60, derandomize=True, deadline=None)


INTERVALS = st.sampled_from([60, 900, 3600, 7200])


def hold_of(interval_s: int) -> timedelta:
    return int(validity_us(np.array([interval_s]))[0]) * US
