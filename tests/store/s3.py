"""A real S3 server over a folder, for the lake's tests."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import Server, free_port
from tests.servers.programs import absent, find, shared_path, unpacked

KEY, SECRET = "heat", "only-for-this-test-run"


def _program() -> str:
    if found := find("versitygw"):
        return found
    folder = unpacked(shared_path())
    return (shutil.which("versitygw", path=folder) if folder else None) or absent(
        "versitygw", "put it on PATH, or the folder `shared` with bin/ beside the clone"
    )


@contextmanager
def bucket_in(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """(address of an empty lake, its options); the bucket is a folder of the server."""
    port = free_port()
    for name in ("files/readings", "side"):
        (folder / name).mkdir(parents=True)
    command = [_program(), "--port", f"127.0.0.1:{port}", "--region", "us-east-1"]
    command += ["posix", "--sidecar", str(folder / "side"), str(folder / "files")]
    secrets = {"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET}
    server = Server(command, port, folder / "s3.log", env={**os.environ, **secrets})
    server.start()
    options = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
        "aws_conditional_put": "etag",
    }
    try:
        yield "s3://readings/lake", options
    finally:
        server.stop()
