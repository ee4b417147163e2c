"""What a till leaves out of its libraries, and what it keeps of what they read (F37)."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from babel import core, localedata

from korus_tui import i18n
from korus_tui.counter.paper import dates

_LOADED = """\
from korus_tui.cli import process
process.load_little()
import korus_tui.api.transport, korus_tui.api.client, korus_tui.journal.file, korus_tui.text.venue_time, sys
korus_tui.api.transport.httpx.AsyncClient()
print(*{name.partition('.')[0] for name in sys.modules if sys.modules[name]})
"""


def test_no_command_line_of_a_library_is_loaded() -> None:
    ran = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert {"httpx", "pydantic_core"} <= loaded
    assert loaded & {"click", "pygments", "rich"} == set()
    assert not [name for name in loaded if name.startswith("_sysconfigdata")]


def test_of_a_language_only_what_is_said_is_kept_and_another_one_can_still_be_read() -> None:
    i18n.written_in.cache_clear()
    day = date(2025, 6, 7)
    said = {one: dates.long_day(day, one) for one in ("fr", "en", "de", "zh-TW", "pt_BR", "xx", "")}
    assert said == {
        "fr": "samedi 7 juin 2025",
        "en": "Saturday, 7 June 2025",
        "de": "Samstag, 7. Juni 2025",
        "zh-TW": "2025年6月7日 星期六",
        "pt_BR": "sábado, 7 de junho de 2025",
        "xx": "2025-06-07",
        "": "2025-06-07",
    }
    assert localedata._cache == {}
    assert core._global_data is not None
    assert set(core._global_data) == {"currency_fractions"}
    assert not i18n.written_in("fr").unit_display_names
