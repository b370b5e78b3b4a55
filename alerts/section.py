"""What tables of the configuration share; each detector and each channel declares its own."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from domain.quantity import exact

Exact = Annotated[Decimal, BeforeValidator(exact)]
#: No network circulates more than this [m3/h].
MOST_M3_H = 100_000


class Section(BaseModel):
    """A table of the configuration; keys it does not know are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
