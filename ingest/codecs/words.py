"""What is wrong with a refused message, for people: the details that codecs write, as sentences."""

from domain.language import Text, joined, msg
from domain.recognition import Recognition

#: The more particular before the more general.
DETAILS = (
    msg("topic does not match {pattern!r}"),
    msg("a batch without readings"),
    msg("revision {revision} lies outside 0 to {most}"),
    msg("no feed is configured for this topic"),
    msg("device {device!r} channel {channel!r} has no place in the registry at that time: {why}"),
    msg("device {device!r} channel {channel!r} has no place in the registry at that time"),
    msg("its rows were withdrawn"),
    msg("its row begins at {since}"),
    msg("its row ended at {until}, which is not in it, and the next begins at {since}"),
    msg(
        "its row ended at {until}, where a register's closing reading may stand, and none behind it; "
        "let the row end later"
    ),
    msg(
        "its row ended at {until}, which is not in it; let it end later, or register a row from then on"
    ),
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
    msg("no unit: name it in `units` of the feed, where {near!r} stands"),
    msg("no unit: name it in `units` of the feed"),
    msg("the message is no JSON object"),
    msg("it is nested too deep"),
    # SenML
    msg("neither JSON nor CBOR: {why}"),
    msg("{count} bytes follow the value"),
    msg("it ends inside a value"),
    msg("head {number} means nothing"),
    msg("simple value {number} means nothing"),
    msg("a part of a text is none"),
    msg("a text is no UTF-8"),
    msg("a key is neither a text nor an integer"),
    msg("key {key!r} has two values"),
    msg("tag {number} is not known here"),
    msg("a decimal fraction with exponent {number}"),
    msg("a pack of SenML is a list of records"),
    msg("a pack without records"),
    msg("field {field!r} must be understood and is not known"),
    msg("version {version} of SenML; allowed: 1 to {most}"),
    msg("field {field!r} is not a number"),
    msg("field {field!r} is not a text"),
    msg("field {field!r} is {value}"),
    msg("a record has {values}"),
    msg("a record without value"),
    msg("{name!r} is no name of SenML"),
    msg("unit {unit!r} is {meant} in SenML; degrees Celsius are 'Cel'"),
    msg("a sum of {unit!r} is no reading; allowed: {allowed}"),
    # Tasmota and Shelly
    msg("the message has no {member}"),
    # MessagePack
    msg("no MessagePack: {why}"),
    msg("extension {number} is not known here"),
    msg("the readings are no list"),
    msg("a reading is no map"),
    msg("a reading without channel or value"),
    msg("{field!r} is not a text"),
    # LoRaWAN, ThingsBoard, Home Assistant
    msg(
        "nothing decodes the payload of {kind!r}: name what reads it in the feed's mapping, "
        'drivers = {{ {key} = "..." }}, one of {names}'
    ),
    msg("nothing decodes the payload of {kind!r}"),
    msg(
        "{kind!r} does not say which model of Dragino it is; name dragino_lht65 or dragino_lht52 in "
        "`drivers` of the feed"
    ),
    msg("a record of the log at time {time}: its clock was not set"),
    msg("the payload is no base64"),
    msg("{port!r} is no port; allowed: 0 to 255"),
    msg("port {port} is not read; allowed: {allowed}"),
    msg("type {type}h at byte {at} is not known"),
    msg("the payload ends inside the value at byte {at}"),
    msg("a history of {count} bytes is not known"),
    msg(
        "a history of {count} bytes, which the kind of device must name the model of, such as EM300-TH"
    ),
    msg("a message of text (JSON) is not read; set another message format"),
    msg("{count} bytes; allowed: {most} or a multiple of it"),
    msg("{count} bytes; allowed: {allowed}"),
    msg("a period of {n} s"),
    msg("the message is no object of lists by device"),
    msg("an entry is no JSON object"),
    msg("template {template!r} of {name!r} names no one member"),
    msg("no topic of Home Assistant: {topic}"),
    msg("no configuration names topic {topic!r}"),
    msg("no unit of {entity} is known for this state"),
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
    # frames of meters
    msg("a message of {n} bytes; allowed: {most}"),
    msg("a message without bytes"),
    msg("a telegram without values"),
    msg("the records end within one: {left} bytes where {said} are said"),
    msg("DIF {code} is reserved"),
    msg("LVAR {code} is reserved"),
    msg("more than {most} {what} in one record"),
    msg("a frame of {name}"),
    msg("no frame of M-Bus: {byte}"),
    msg("no long frame of M-Bus: 68 L L 68"),
    msg("the frame has {n} bytes, and says {said}"),
    msg("the checksum is {said}, the bytes give {given}"),
    msg("the frame ends with {byte}, not 16h"),
    msg("a frame to a meter, not from one: C field {code}"),
    msg("a frame without data"),
    msg("the frame does not say which meter it is of"),
    msg("the records are encrypted, which wired M-Bus does not do"),
    msg("the meter reports an error of its application layer: {code} ({said})"),
    msg("CI field {code}: highest byte first (mode 2) is not read"),
    msg("CI field {code} is none with values"),
    msg("the header has {n} bytes, not 12"),
    msg("the fixed structure has {n} bytes, not 16"),
    msg("a frame of {n} bytes, shorter than any of wireless M-Bus"),
    msg("the checksum of the block at byte {at} is wrong"),
    msg("the checksum of the payload is wrong"),
    msg("the checksum of the compact frame is wrong"),
    msg("a header of {size} bytes in {n}"),
    msg("a message in fragments is not read"),
    msg("security mode {mode} is not read; allowed: 0, 5, 7"),
    msg("security mode 7 without a message counter"),
    msg("security mode 7 without an authentication code"),
    msg("an authentication code without a message counter"),
    msg("an authentication code of kind {kind} is not read"),
    msg(
        "meter {device} has a key, and its telegram is not encrypted: forged, or decrypted by the "
        "receiver, which `decrypted = true` of the feed allows"
    ),
    msg("telegram {number} of meter {device} is older than one before it"),
    msg("{n} bytes behind what meter {device} encrypts are left out: its key does not prove them"),
    msg("{size} bytes are encrypted, and {n} there"),
    msg("the key of meter {device} does not fit"),
    msg("the authentication code is wrong, or the key of meter {device}"),
    msg("meter {device} encrypts ({how}), and no key of it is there"),
    msg("a compact frame of meter {device}, before a full frame has shown its form"),
    msg("no frame of CJ/T 188"),
    msg("meter {device} answers that it can't: {data}"),
    msg("an answer without a reading: C field {code}, {data}"),
    msg("an answer of {n} bytes; allowed: 46 of a heat meter, 22 of others"),
    msg("unit codes that no order of bytes explains: {data}"),
    msg(
        "meter {device}: its digits can be read from either end, and its clock does not say from "
        "which; name it in `digits` of the feed"
    ),
    msg("no {key} of a meter"),
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


def reason_words(code: str) -> Text | str:
    """Why something was kept whole instead of becoming a reading."""
    known = {
        "undecodable": msg("not decodable"), "unmapped": msg("not in the registry"),
        "implausible": msg("implausible value"),
        "out_of_sequence": msg("a message before it is missing"),
        "stranger": msg("of a device that nobody registered"),
    }  # fmt: skip
    part, _, rest = code.rpartition("part_")
    text = known.get(rest, rest)
    return msg("part of a message: {reason}", reason=text) if rest != code and not part else text


def refusal_words(reason: str, detail: str) -> Text:
    """Why a message was refused: what a codec says of it, behind the reason where that is no sentence of ours.

    >>> refusal_words("unmapped", "device 'D9' is not in the registry").to("zh")
    "设备 'D9' 不在基础档案中"
    >>> str(refusal_words("undecodable", "Error parsing message"))
    'not decodable: Error parsing message'
    """
    said = detail_words(detail)
    return said if isinstance(said, Text) else joined(": ", [reason_words(reason), said])
