"""Writes what Grafana reads at its start: data sources, the provider, the dashboards."""

from importlib.resources import files
from pathlib import Path

from dashboards.grafana.city import city

LANGUAGES = ("zh", "en")


def render(folder: Path, zone: str) -> list[Path]:
    """Fills `folder` with Grafana's provisioning tree; the same input gives the same bytes."""
    texts = {
        folder / "provisioning" / "datasources" / "heatwatch.yaml": _shipped("datasources.yaml"),
        folder / "provisioning" / "dashboards" / "heatwatch.yaml": _shipped("provider.yaml"),
    }
    for language in LANGUAGES:
        texts[folder / "dashboards" / f"city.{language}.json"] = city(language, zone) + "\n"
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)


def _shipped(name: str) -> str:
    return (files("dashboards.grafana") / name).read_text(encoding="utf-8")
