"""Answers of CJ/T 188 meters, written from the standard, in each order that makers send."""

from dataclasses import dataclass

#: Value -> (digits before encoding, unit code) as the standard has them: energy and power with two
#: decimals, flow with four, volume with two.
STANDARD = (
    (1234567, 0x05), (2345678, 0x05), (3450, 0x17), (5430, 0x35), (5610800, 0x2C),
)  # fmt: skip
CLOCK = "20261122133000"


@dataclass(frozen=True)
class Maker:
    """How a maker sends."""

    digits: str = "low"
    unit: str = "last"
    address: str = "low"
    identification: bytes = b"\x1f\x90"

    def number(self, value: int, size: int) -> bytes:
        raw = bytes.fromhex(f"{value:0{2 * size}d}")
        return raw if self.digits == "high" else raw[::-1]

    def value(self, value: int, code: int) -> bytes:
        raw = self.number(value, 4)
        return raw + bytes([code]) if self.unit == "last" else bytes([code]) + raw

    def frame(self, body: bytes, *, device: str, kind: int = 0x20, control: int = 0x81) -> bytes:
        number = bytes.fromhex(device)
        number = number if self.address == "high" else number[::-1]
        data = self.identification + b"\x05" + body
        made = bytes([0x68, kind]) + number + bytes([control, len(data)]) + data
        return made + bytes([sum(made) & 255, 0x16])

    def heat(
        self,
        values: tuple[tuple[int, int], ...] = STANDARD,
        temperatures: tuple[int, int] = (10169, 4616),
        *,
        hours: int = 985,
        clock: str = CLOCK,
        status: bytes = b"\0\0",
        device: str = "11110000004711",
        kind: int = 0x20,
    ) -> bytes:
        """The answer of 46 bytes."""
        body = b"".join(self.value(*each) for each in values)
        body += b"".join(self.number(each, 3) for each in (*temperatures, hours))
        return self.frame(body + self.number(int(clock), 7) + status, device=device, kind=kind)
