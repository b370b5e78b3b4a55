"""The HTTP API: what the console shows, as JSON. Documented at /openapi.json."""

from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy.orm import Session

from alerts.episodes.views import in_tray, open_episodes
from dashboards.views.city import View
from dashboards.views.companies import Screens
from domain.errors import WrongCall
from domain.language import SOURCE_LANGUAGE, msg, sentence_of


class PlaceOut(BaseModel):
    code: str
    kind: str
    parent: str | None
    name: str
    name_en: str


class LatestOut(BaseModel):
    place: str
    role: str
    unit: str
    value: Decimal | None
    at: datetime | None
    stale: bool


class AlertOut(BaseModel):
    kind: str
    place: str
    opened_at: datetime
    children: int


class MessageOut(BaseModel):
    recipient: str
    phone: str
    text: str
    created_at: datetime


class HealthOut(BaseModel):
    status: str
    now: datetime


def build_api(screens: Screens, language: str = SOURCE_LANGUAGE) -> FastAPI:
    """The application; `/docs` is left out because its scripts would come from elsewhere.

    What belongs to a company takes its code as `company`, which is needed where there are several.
    Errors are said in `language`.
    """

    def chosen(company: str = "") -> View:
        try:
            return screens.of(company).view
        except WrongCall as wrong:
            raise HTTPException(400, sentence_of(wrong).to(language)) from None

    Chosen = Annotated[View, Depends(chosen)]
    app = FastAPI(title="heatwatch", version=version("heatwatch"), docs_url=None, redoc_url=None)

    @app.get("/api/health")
    def health() -> HealthOut:
        """Whether the console answers, and what time it has."""
        return HealthOut(status="pass", now=next(iter(screens.by_company.values())).view.now())

    @app.get("/api/tree")
    def tree(view: Chosen) -> list[PlaceOut]:
        """The network above the homes."""
        rows = view.tree()
        code = {row.id: row.code for row in rows}
        return [
            PlaceOut(
                code=row.code,
                kind=row.kind,
                parent=code.get(row.parent_id),
                name=row.name,
                name_en=row.name_en,
            )
            for row in rows
        ]

    @app.get("/api/places/{code}/latest")
    def latest(code: str, view: Chosen) -> list[LatestOut]:
        """Newest values at a place, by event time; 404 where the code is unknown."""
        place = view.place(code)
        if place is None:
            unknown = msg("place {code!r} is not in the registry", code=code)
            raise HTTPException(404, unknown.to(language))
        return [
            LatestOut.model_validate(each, from_attributes=True)
            for each in view.latest_of([place.id])
        ]

    @app.get("/api/alerts")
    def alerts(view: Chosen) -> list[AlertOut]:
        """Open episodes; children of a cause are counted in their parent."""
        with Session(view.books) as session:
            return [
                AlertOut(kind=e.kind, place=e.place, opened_at=e.opened_at, children=e.children)
                for e in open_episodes(session, own=view.own)
            ]

    @app.get("/api/in-tray")
    def messages(view: Chosen) -> list[MessageOut]:
        """The messages of the in-tray, newest first."""
        with Session(view.books) as session:
            return [
                MessageOut.model_validate(m, from_attributes=True)
                for m in in_tray(session, own=view.own)
            ]

    return app
