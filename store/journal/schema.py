"""The columns of a reading, as the journal and the lake keep them."""

import pyarrow as pa

#: One row a reading as it came. The journal's batches hold exactly these columns, in this order.
READING = pa.schema(
    [
        pa.field("series", pa.int32(), nullable=False),  # registry's series id
        pa.field("at", pa.timestamp("us", tz="UTC"), nullable=False),  # event time
        pa.field("value", pa.int64()),  # in the resolution of the quantity; null: unknown
        pa.field("quality", pa.int8(), nullable=False),  # domain.quality.Quality
        pa.field("time_kind", pa.int8(), nullable=False),  # domain.quality.TimeKind
        pa.field("revision", pa.int16(), nullable=False),  # higher: the provider's correction
        pa.field("feed", pa.int16(), nullable=False),  # registry's feed id
        pa.field("part", pa.int16(), nullable=False),  # 0: first kept reading of its message
        pa.field("message", pa.int64()),  # message hash; only where time_kind is RECEIVER
    ]
)

#: The lake adds the number of the flush that brought the row: "as of flush N" is `flush <= N`.
LAKE = READING.append(pa.field("flush", pa.int32(), nullable=False))
