"""What this process takes of the host, and may leave behind: little memory, nothing that others can read."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from types import ModuleType

_SET_DUMPABLE = 4  # linux/prctl.h
_ARENA_MAX = -8  # malloc.h
_ZONES = "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo"  # where Python looks by itself


def keep_to_itself() -> None:
    """Files for their owner alone, whatever the session's umask; no core file, which would hold customers and tokens.

    A limit of nothing does not stop a core that the system pipes to a program of its own: not being dumpable does, and
    it keeps other programs of the same account out of this one's memory.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ImportError, OSError, AttributeError):  # not Linux: the limit is all there is
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def load_little() -> None:
    """Leave out what no till needs of the libraries; call it before they are imported.

    A hundred tills on one host share no memory but the libraries' files.
    """
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")  # nothing moves on a line that counts its bytes
    os.environ.setdefault("PYTHONTZPATH", _ZONES)  # to find that out it loads all it was built with: 0.5 MB
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # its command line: click and pygments, 3 MB
    plugins = ModuleType("pydantic.plugin._loader")  # looks for some in every installed package: 1 MB
    plugins.get_plugins = tuple  # type: ignore[attr-defined]
    sys.modules.setdefault(plugins.__name__, plugins)
    with contextlib.suppress(ImportError, OSError, AttributeError):  # not glibc: it keeps a heap for each thread
        import ctypes

        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
