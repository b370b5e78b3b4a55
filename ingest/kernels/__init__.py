"""Compiled loops over bytes; numpy, numba and each other only."""

from numba import config

from ingest.kernels.cached import LOCATORS

# numba's documented setting NUMBA_CACHE_LOCATOR_CLASSES, unless somebody has set it.
if not getattr(config, "CACHE_LOCATOR_CLASSES"):  # noqa: B009 - its stubs lack the name
    setattr(config, "CACHE_LOCATOR_CLASSES", ",".join(LOCATORS))  # noqa: B010
