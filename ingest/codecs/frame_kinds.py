"""Frames of meters that begin alike: what a frame is that another format's codec can't read."""

_START, _END, _WAKE = 0x68, 0x16, 0xFE


def without_preamble(data: bytes) -> bytes:
    """What follows the FEh bytes that wake a meter (CJ/T 188, DL/T 645)."""
    return data.lstrip(bytes([_WAKE]))


def is_mbus(data: bytes) -> bool:
    """68h, the length twice, 68h (EN 13757-2, long and control frames)."""
    return len(data) > 3 and data[0] == data[3] == _START and data[1] == data[2]


def is_dlt645(data: bytes) -> bool:
    """68h, six bytes of address, 68h, control, length, data, checksum, 16h (DL/T 645)."""
    if len(data) < 12 or data[0] != _START or data[7] != _START or is_mbus(data):
        return False
    end = 10 + data[9]
    return len(data) > end + 1 and data[end + 1] == _END and data[end] == sum(data[:end]) & 0xFF


def is_cjt188(data: bytes) -> bool:
    """68h, a type of meter, seven bytes of address, control, length, data, checksum, 16h (CJ/T 188)."""
    if len(data) < 13 or data[0] != _START or not 0x10 <= data[1] <= 0x49 or is_mbus(data):
        return False
    end = 11 + data[10]
    return len(data) > end + 1 and data[end + 1] == _END and data[end] == sum(data[:end]) & 0xFF


def foreign(data: bytes) -> str | None:
    """The name of the frame that this is instead of the one that was looked for, None for no known one."""
    frame = without_preamble(data)
    if is_dlt645(frame):
        return "DL/T 645 (electricity meters)"
    if is_cjt188(frame):
        return "CJ/T 188 (format cjt188)"
    if is_mbus(frame):
        return "M-Bus (format mbus)"
    return None
