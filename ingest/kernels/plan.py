"""How a feed reads its messages, as numbers: one array of integers that the compiled loops walk.

`ingest.batch.plan` writes it, the loops of `topics`, `places`, `written`, `readings`, `packs` and `messages` read it.
A place in it is named by its offset; -1 where the feed says nothing. Texts are (offset, size) in the bytes
`words` beside it.
"""

#: The head of a plan: offsets of what follows, the encoding, and a pack of SenML.
FILTER, PATTERN, IGNORED, GUARDS, KINDS, ZONE, UNITS, MISSING, ENCODING, PACK = range(10)
HEAD = 10
#: What payloads are written in; SenML in JSON or CBOR, as the first byte tells.
JSON, MSGPACK, JSON_OR_CBOR = range(3)
#: A kind of records: where they are, and what stands where in each.
NATIVE, EACH, MANY, DEVICE, CHANNEL, VALUE, CHANNELS, TIME, REVISION, ALONE, UNIT, STATUS = range(
    12
)
KIND = 12
#: A channel of a kind: what messages call it, our code, the steps to its value, its unit and status.
NAME_AT, NAME_SIZE, CODE_AT, CODE_SIZE, STEPS, OF_UNIT, OF_STATUS = range(7)
CHANNEL_SIZE = 7
#: A step of a path: a member by its name, an item by its index, all members, all with their keys kept.
MEMBER, ITEM, ALL, KEPT = range(4)
#: A place: parts of text, a path, or the device of native JSON.
PARTS, PATH, NATIVE_DEVICE = range(3)
#: Parts of a text: fixed words, a level of the topic, a key that `each` keeps.
WORDS, LEVEL, KEY = range(3)
#: A unit: the same always, said by the message, or said where it wants to (native JSON).
FIXED, SAID, MAY_SAY = range(3)
#: Units of a time that is a number: by its size, or a power of ten [µs].
AUTO = 100
#: Most levels of a topic, objects around a record, kept keys, steps of `each`.
MOST_LEVELS, MOST_ABOVE, MOST_KEPT, MOST_STEPS = 32, 16, 8, 12
#: Room of a message, in one array: levels of its topic, objects around the record, kept keys, steps.
LEVEL_COUNT = 2 * MOST_LEVELS
ABOVE_COUNT = LEVEL_COUNT + 1
ABOVE = ABOVE_COUNT + 1
KEPT_AT = ABOVE + MOST_ABOVE
STEP_AT = KEPT_AT + MOST_KEPT
KEY_END = STEP_AT + MOST_STEPS + 1
#: When a message came [µs], whether it is from before, and the fields of a pack of SenML.
RECEIVED = KEY_END + 1
RETAINED = RECEIVED + 1
FIELDS = RETAINED + 1
FIELD_COUNT = 21
ROOM = FIELDS + FIELD_COUNT
#: Columns of a reading: its message, time [µs] (-1: none), key `device \\0 channel` in the bytes of keys,
#: mantissa, decimals, revision, unit (-1: none is said, -2: not known) and the bits of its state.
FRAME, TIME_US, KEY_AT, KEY_SIZE, MANTISSA, DECIMALS, REVISED, UNIT_ID, STATE = range(9)
COLUMNS = 9
#: Bits of the state of a reading, as in `ingest.batch.feed`; the last one, which ends here: none where
#: its channel is not registered.
NULL, FAILED, UNTIMED, OPTIONAL = 1, 2, 16, 1 << 20
#: What a record comes to where it gives no readings.
NOT_PLAIN, NONE_FOUND, NO_SUCH_CHANNEL = -1, -2, -3
