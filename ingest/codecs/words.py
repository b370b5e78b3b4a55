"""What is wrong with a refused message, for people: the details that codecs write, as sentences."""

from domain.language import msg
from domain.recognition import Recognition

#: The more particular before the more general.
DETAILS = (
    msg("topic does not match {pattern!r}"),
    msg("a batch without readings"),
    msg("revision {revision} lies outside 0 to {most}"),
    msg("no feed is configured for this topic"),
    msg("device {device!r} channel {channel!r} has no place in the registry at that time"),
    msg("device {device!r} has no channel {channel!r} in the registry, it has {known}"),
    msg("device {device!r} is not in the registry"),
    msg("key {key!r} stands twice, with {one} and {other}"),
    # mapped
    msg("no list of records at {path}"),
    msg("none of the mapped channels {names}"),
    msg("no device at {path}"),
    msg("no channel at {path}"),
    msg("no time at {path}"),
    msg("no unit at {path}"),
    msg("channel {channel!r} is not mapped; mapped: {names}"),
    msg("{count} values at {path}, where one is meant"),
    msg("path {path} can't be followed: {why}"),
    msg("channel {channel}: {why}"),
    # numbers, units and times
    msg(
        "unit {code!r} is a mass, and volumes are kept; allowed: {volume!r}, where the meter's "
        "mass is that of its volume of water"
    ),
    msg("unit {code!r} is not known; allowed: {allowed}; did you mean {near!r}?"),
    msg("unit {code!r} is not known; allowed: {allowed}"),
    msg("unit {code!r} measures {measured}, not {quantity}; allowed: {allowed}"),
    msg("time {time} lies outside 1970 to 2199"),
    msg("time {time} is neither a number nor ISO 8601 text"),
    msg("time {time} is not ISO 8601, e.g. 2026-11-22T06:00:00Z"),
    msg("time {time} has no offset and its feed no zone"),
    msg("time {time} does not exist in {zone}: its clock change skips it"),
    msg("time {time} is not a number"),
    msg("{value} is not a number; allowed: ASCII digits as in -21.5 or 2e1"),
    msg("{value} is not a number, a decimal text or null"),
    msg("{value} is not a number"),
    msg("{value} is no value of a {quantity}"),
    msg("a number of more than 60 digits"),
    msg("it measures {measured}, not {quantity}"),
    # Sparkplug B
    msg("no topic of Sparkplug B: {topic}"),
    msg("no payload of Sparkplug B: seq {number}; allowed: 0 to 255"),
    msg("no payload of Sparkplug B: {why}"),
    msg("no birth of {who} is known for this message"),
    msg("alias {alias} stands twice in the birth"),
    msg("a metric without name and alias"),
    msg("{what} was not in the birth"),
    msg("{what} has type {type}, in the birth it had {before}"),
    msg("metric {name!r} is historical and has no timestamp of its own"),
    msg("metric {name!r} is a {type}, which holds no single value"),
    msg("metric {name!r} has data type {type}; allowed: 1 to 15"),
    msg("it has no value and is not said to be null"),
    msg("its value is a {type}; allowed: {allowed}"),
    msg("{value} is no value of type {type}"),
    msg("metric {name!r}: {why}"),
    msg("metric {name!r}"),
    msg("alias {alias}"),
    # what msgspec says of JSON
    msg("{why} - at `{path}`"),
    msg("JSON is malformed: {why}"),
    msg("invalid character (byte {byte})"),
    msg("trailing characters (byte {byte})"),
    msg("Input data was truncated"),
    msg("Object missing required field `{field}`"),
    msg("Expected `{wanted}`, got `{given}`"),
)
#: A kept detail as the sentence it was written from.
detail_words = Recognition(DETAILS)
