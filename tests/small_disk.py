"""A disk of its own, small enough to be filled. conftest.py makes the fixture known to every test."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True)
    if not made or made.returncode:
        assert "KORUS_TESTS_NEED_ALL" not in os.environ, "a file system of its own can only be mounted by root"
        pytest.skip("a file system of its own can only be mounted by root")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path) -> Path:
    """Leave no room on the disk; what takes it."""
    waste = disk / "waste"
    with contextlib.suppress(OSError), waste.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    return waste
