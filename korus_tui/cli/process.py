"""What this process may leave behind on the host: nothing that others can read, and no copy of its memory."""

from __future__ import annotations

import contextlib
import os
import resource

_SET_DUMPABLE = 4  # linux/prctl.h


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
