"""The process: its ready line, its end, its messages, its memory on disk."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sandbox_caller import DAY, Caller
from sandbox_process import TUTORIAL_NOW, SandboxProcess

COMMAND = [sys.executable, "-m", "korus_tui.sandbox"]


def test_the_ready_line_is_the_only_thing_on_standard_output() -> None:
    with SandboxProcess() as sandbox:
        assert {"base_url", "token_endpoint", "client_id", "client_secret"} <= sandbox.ready.keys()
        sandbox.token()
        sandbox.process.terminate()
        assert sandbox.process.stdout is not None
        assert sandbox.process.stdout.read() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_cleanly_even_with_a_caller_connected(number: signal.Signals) -> None:
    with SandboxProcess() as sandbox, sandbox.http() as http:
        http.get("/v1/ticketing/catalogs")
        sandbox.process.send_signal(number)
        assert sandbox.process.wait(5) == 0


def test_it_ends_when_its_parent_is_killed() -> None:
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'korus_tui.sandbox', '--port', '0', '--watch-parent'],"
        " stdin=subprocess.PIPE)\n"
        "child.wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    base = json.loads(parent.stdout.readline())["base_url"]
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    killed = time.monotonic()
    assert parent.stdout.read() == ""  # ends only when the child, which has inherited this pipe, has ended too
    assert time.monotonic() - killed < 3
    parent.stdout.close()
    host, port = base.removeprefix("http://").split(":")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), timeout=1)


def test_a_busy_port_is_one_clear_line_and_exit_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"sandbox: cannot listen on 127.0.0.1:{port}: Address already in use"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--now", "yesterday"],
        ["--port", "70000"],
        ["--hold-seconds", "nan"],
        ["--generation", "next"],
        ["--faults", "no"],
    ],
)
def test_wrong_arguments_are_exit_code_2(wrong: list[str]) -> None:
    done = subprocess.run([*COMMAND, *wrong], capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert wrong[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_help_needs_no_web_server() -> None:
    code = (
        "import sys; from korus_tui.sandbox import options, __main__;"
        " print({'uvicorn', 'starlette'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.strip() == "set()"
    told = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=20, check=True).stdout
    assert "--watch-parent" in told


def test_without_its_extra_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['uvicorn'] = None; from korus_tui.sandbox.__main__ import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'sandbox: uvicorn is not installed; pip install "korus-tui[demo]" brings it\n'


def test_reservations_and_orders_outlive_the_process_with_a_state_file(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with SandboxProcess(state_file=file, now=TUTORIAL_NOW) as sandbox, sandbox.http() as http:
        caller = Caller(sandbox, http)
        offer = caller.roomy_offer(DAY)
        held, sold = caller.hold(caller.item(offer, 2), caller.item(offer, 3))
        [order] = caller.ordered(sold)
        left = caller.get(f"{offer['@id']}/availability")
    with SandboxProcess(state_file=file, now=TUTORIAL_NOW) as sandbox, sandbox.http() as http:
        caller = Caller(sandbox, http)
        assert caller.get(f"{offer['@id']}/availability") == left
        assert caller.get(order["@id"])["reference"] == order["reference"]
        assert caller.ordered(held)
        assert caller.order(sold).status_code == 422


def test_a_state_file_that_cannot_be_read_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("{", encoding="utf-8")
    done = subprocess.run([*COMMAND, "--port", "0", "--state-file", file], capture_output=True, text=True, timeout=20)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(file) in done.stderr
    assert file.read_text(encoding="utf-8") == "{"


def test_faults_can_wait_in_a_file_from_the_start(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps([{"kind": "status", "status": 503, "route": "catalogs"}]), encoding="utf-8")
    with SandboxProcess(faults=file) as sandbox, sandbox.http() as http:
        assert [http.get("/v1/ticketing/catalogs").status_code for _ in range(2)] == [503, 200]


def test_the_same_seed_gives_the_same_catalog_and_another_seed_another() -> None:
    def offers(seed: int) -> list[object]:
        with SandboxProcess(seed=seed, now=TUTORIAL_NOW) as sandbox, sandbox.http() as http:
            return list(Caller(sandbox, http).offers(DAY))

    assert offers(1) == offers(1) != offers(2)


def test_a_frozen_clock_stays_where_it_starts() -> None:
    with SandboxProcess(now=TUTORIAL_NOW, freeze=True) as sandbox, sandbox.http() as http:
        dates = {http.get("/v1/ticketing/catalogs").headers["date"] for _ in range(3)}
        assert dates == {"Wed, 29 Jan 2025 07:55:53 GMT"}
        sandbox.advance(60)
        assert http.get("/v1/ticketing/catalogs").headers["date"] == "Wed, 29 Jan 2025 07:56:53 GMT"


def test_answers_on_a_kept_connection_do_not_wait_for_acknowledgements() -> None:
    with SandboxProcess() as sandbox, sandbox.http() as http:
        taken = [http.get("/v1/ticketing/catalogs").elapsed.total_seconds() for _ in range(30)]
        assert min(taken[5:]) < 0.030  # a delayed acknowledgement takes 40 ms
