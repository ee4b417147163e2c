"""What is read becomes keys or whole pastes, wherever the reading was cut (docs/faults.md, F51 and F52)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from korus_tui.terminal import keyboard as typed
from korus_tui.terminal.keyboard import END, LONGEST, MOST, MOST_OTHER, START, InputDecoder


def read(*parts: bytes) -> str:
    decoder = InputDecoder()
    return "".join(decoder.decode(part) for part in parts)


def test_keys_are_keys() -> None:
    assert read(b"2a", b"\x1b[A", b"\x1b", b"\xc3", b"\xa9") == "2a\x1b[A\x1bé"


def test_a_byte_that_is_no_utf_8_ends_nothing() -> None:
    assert read(b"\xe9", b"x") == "\ufffdx"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60), st.data())
def test_a_paste_is_whole_wherever_its_bytes_were_cut_f52(words: str, data: st.DataObject) -> None:
    raw = f"k{START}{words}{END}k".encode()
    cuts = sorted(data.draw(st.sets(st.integers(4, len(raw) - 1), max_size=8)))
    parts = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    decoder = InputDecoder()
    found = [decoder.decode(part) for part in parts]
    whole = f"{START}{words}{END}" if words else ""
    assert "".join(found) == f"k{whole}k"
    assert not words or any(whole in one for one in found)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1bq\x1bqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "q" * 45),
        ("\x1b[21~\x1bOP\x03\x11", ""),
        ("a\x1b]52;c;eA==\x07b\x9b21~c", "ab21~c"),
        ("4970 1000\r\n12/27\n123", "4970 1000\r\n12/27\n123"),
    ],
)
def test_what_a_paste_holds_is_text_f52(hostile: str, shown: str) -> None:
    assert read(f"{START}{hostile}{END}".encode()) == (f"{START}{shown}{END}" if shown else "")


def test_a_megabyte_is_dropped_and_the_next_key_is_a_key_f52() -> None:
    part = b"x" * 4096
    assert read(START.encode(), *[part] * 256, END.encode(), b"j") == "j"
    assert len(read(START.encode() + b"x" * LONGEST + END.encode())) == LONGEST + len(START + END)


def test_a_paste_that_never_ends_ends_with_escape_alone_after_a_silence_f52(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(typed.time, "monotonic", lambda: now[0])
    decoder = InputDecoder()
    assert decoder.decode(START.encode() + b"abc") == ""
    now[0] += 0.1
    assert decoder.decode(b"\x1b") == ""
    now[0] += 5
    assert decoder.decode(b"q") == ""
    now[0] += 5
    assert decoder.decode(b"\x1b") == "\x1b"
    assert decoder.decode(b"j") == "j"


def test_a_flood_of_text_is_a_paste_and_of_keys_is_cut_f51() -> None:
    assert read(b"q" * MOST) == "q" * MOST
    assert read(b"q" * (MOST + 1)) == f"{START}{'q' * (MOST + 1)}{END}"
    assert read(b"\x1b[B" * 1000) == "\x1b[B" * MOST_OTHER


SENT = (
    "\x1b[21~",
    "\x1bOP",
    "\x1b[?62;22c",
    "\x1b]11;rgb:15/21/30\x1b\\",
    "\x1bP>|tmux 3.4\x1b\\",
    "\x1b[<0;15;21M",
    "\x1b[M !~",
    "\x1b[1;5D",
)


@given(
    st.sampled_from("~|"),
    st.lists(st.one_of(st.sampled_from(SENT), st.sampled_from("aé5 ")), max_size=12),
    st.integers(1, 5),
)
def test_what_a_terminal_sends_as_one_begins_no_scan_at_any_packet_size_c20(
    prefix: str, sent: list[str], size: int
) -> None:
    InputDecoder.scanner = (prefix, "\r")
    try:
        decoder, data = InputDecoder(), "".join(sent).encode()
        packets = [data[start : start + size] for start in range(0, len(data), size)]
        assert "".join(map(decoder.decode, packets)) == "".join(sent)
        code = f"{prefix}KT-ORD-1\r"
        assert decoder.decode(code.encode()) == code
        assert decoder.decode(b"12") == "12"
    finally:
        InputDecoder.scanner = ("", "")
