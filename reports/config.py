"""Where reports go, which kinds are filed, and in which languages."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.language import languages, msg
from reports.kinds import KINDS


def _shipped(language: str) -> str:
    if language not in languages():
        raise ValueError(
            msg("no language of ours; allowed: {allowed}", allowed=", ".join(languages()))
        )
    return language


#: A language that has a catalogue.
Language = Annotated[str, AfterValidator(_shipped)]


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(msg("not a kind of report; allowed: {allowed}", allowed=", ".join(KINDS)))
    return kind


#: A kind of report by name.
Kind = Annotated[str, AfterValidator(_known)]


class ReportsConfig(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Path("var/reports")
    file: tuple[Kind, ...] = Field(
        default=("daily",), description="kinds that are filed when their period is over"
    )
    languages: tuple[Language, ...] = Field(default=("zh", "en"), min_length=1)
    known_share: float = Field(
        default=0.75,
        gt=0.0,
        le=1.0,
        description="a household counts as measured when this share of its day is known",
    )
