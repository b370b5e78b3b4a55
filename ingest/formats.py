"""The formats that a feed can have. One list: each name is a codec in `ingest/codecs/NAME.py`."""

CODECS: tuple[str, ...] = (
    "native",
    "mapped",
    "sparkplug_b",
)


def known_format(name: str) -> str:
    """The name as it is; ValueError names the formats there are."""
    if name not in CODECS:
        raise ValueError(f"format {name!r} is not known; allowed: {', '.join(CODECS)}")
    return name
