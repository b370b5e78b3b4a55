"""Writes what Grafana reads at its start: data sources, the provider, the dashboards."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from dashboards.grafana.city import city
from domain.formats import Formats
from domain.language import languages


def render(folder: Path, formats: Formats) -> list[Path]:
    """Fills `folder` with Grafana's provisioning tree; the same input gives the same bytes."""
    texts = {
        folder / "provisioning" / "datasources" / "heatwatch.yaml": _shipped("datasources.yaml"),
        folder / "provisioning" / "dashboards" / "heatwatch.yaml": _shipped("provider.yaml"),
    }
    for language in languages():
        shown_as = replace(formats, language=language)
        texts[folder / "dashboards" / f"city.{language}.json"] = city(shown_as) + "\n"
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _shipped(name: str) -> str:
    return (files("dashboards.grafana") / name).read_text(encoding="utf-8")
