"""What `--help` says below the options: examples, files, environment, exit codes."""

from __future__ import annotations

ABOUT = """\
The till of a box office, in a terminal: find a product, choose date and session, hold the places,
take the money, book, hand over the tickets. Sells through the Korus Ticket API.

  korus-tui              sell with your profile; the first start asks for the server and your credentials
  korus-tui demo         sell on a local sandbox: needs no account, no settings and no network
  korus-tui display      the sale at a till for the customer's eyes, on a second screen
  korus-tui sandbox      only that sandbox, as a server for tests and partners
  korus-tui doctor       settings, credentials, server, journal: what is well, what is not, and what to do
  korus-tui config       every setting as it is in force, and where it was said
  korus-tui report       a till's day: takings, drawer, counts, what is not confirmed
  korus-tui backup       the journals copied, whole and dated
  korus-tui forget       one customer's data erased on request, by the sale's reference
  korus-tui completion   the command line's completion, for bash, zsh or fish

Inside the program, ? shows the keys of each screen. Ctrl+Q leaves; an open sale is kept and taken up again.
"""

SELL = """\
examples:
  korus-tui --profile north --till "till 3" --agent Ada
  ssh -t till3@boxoffice korus-tui

files (korus-tui config --path says where they are):
  settings.toml      of the site, then your own: profiles, limits, theme, printing
  credentials.toml   secrets; yours, and readable by you alone, else it is refused
  TILL.journal       every sale of one till; nothing else needs a backup
  korus-tui.log      what happened, without secrets and customers

environment (goes before the files; the options above go before it):
  KORUS_PROFILE  KORUS_TILL  KORUS_AGENT  KORUS_CATALOG  KORUS_CUSTOMER_LANGUAGE  KORUS_LANGUAGE  KORUS_THEME
  KORUS_LOG_LEVEL      each sets what its name says
  KORUS_CLIENT_SECRET  KORUS_TOKEN   the credentials; never an option: everyone on a host can read those
  KORUS_TUI_HOME       one folder for all files
  NO_COLOR  COLORTERM  TERM  LANG    as everywhere

exit codes:
  0 left   1 had to stop, with an incident number   2 asked wrongly, or no terminal to show a screen on
  129 the line dropped   143 told to end
"""

DEMO = """\
examples:
  korus-tui demo
  korus-tui demo --now 2025-01-29T07:55:53Z --hold-seconds 400
  korus-tui demo --slowly 8
  korus-tui demo --story
  korus-tui demo --play --pace 8 --language fr
  korus-tui demo --web --port 8080

--story tells a sale step by step: its answer is lost, and the till finds it. --play presses the keys itself.
The till has sold before: orders of the last days, their closes, a sale that waits, favourites; with --empty nothing.
Ctrl+W lets something go wrong, to show what the till does then; Ctrl+A shows its calls to the API.
What the customer sees, in a second terminal beside it: korus-tui display --demo

From 16:00 on at the venue (Europe/Paris) the sandbox's clock starts at 10:30 of the same day, unless --now is given.
The sandbox runs as a child process on a free port of this machine and ends with the program, whichever way it ends.

exit codes:
  those of korus-tui; 2 also where the extra is missing: pip install 'korus-tui[demo]'
"""

DISPLAY = """\
examples:
  korus-tui display --till "till 1"
  korus-tui display --till "till 1" --profile north --theme korus-light
  korus-tui display --demo          beside a `korus-tui demo` in another terminal of this machine

It follows the till's journal, on the host and as the user of the till, and changes nothing: what is sold, what is to
pay, the change, the code of the tickets; between two customers the venue and today's sessions. It may be started before
the till and stays when it ends. It speaks the customer's language, and takes no key but Ctrl+Q.

exit codes:
  those of korus-tui; 2 also where there is no such profile
"""

SANDBOX = """\
examples:
  korus-tui sandbox --port 8900
  korus-tui sandbox --port 0 --generation tutorial --now 2025-01-29T07:55:53Z --faults on

exit codes:
  0 ended by SIGINT or SIGTERM   1 could not listen there   2 asked wrongly, or the extra 'demo' is missing
"""

DOCTOR = """\
examples:
  korus-tui doctor
  korus-tui doctor --offline --till "till 3"

It changes nothing and shows no secret.

exit codes:
  0 it can sell   1 something failed; the line says what to do   2 there is no such profile
"""

CONFIG = """\
examples:
  korus-tui config
  korus-tui config --profile north
  korus-tui config --path

A value comes from, the last one first: the command line, the environment, your own settings.toml, the site's, the
program. Of secrets only whether they are there is said. What is wrong in a file is named with its line.

exit codes:
  0 all is well   1 something in the settings is wrong and was left out   2 there is no such profile
"""

REPORT = """\
examples:
  korus-tui report
  korus-tui report --till "till 3" --day 2025-06-07 --format csv >takings.csv

It reads the till's journal beside the running till, and changes nothing.

exit codes:
  0 printed   1 no journal, or nothing on that day   2 there is no such profile
"""

BACKUP = """\
examples:
  korus-tui backup /srv/backup/till3
  korus-tui backup /srv/backup/till3 --keep 30

Each copy has all that was recorded before it began, and is walked along to its end before it counts. A till may sell
meanwhile. To put one back: docs/tills.md.

exit codes:
  0 every copy is whole   1 one could not be had, or is not whole   2 asked wrongly
"""

FORGET = """\
examples:
  korus-tui forget KTWS-YP6C-ML3C
  korus-tui forget KTWS-YP6C-ML3C --till "till 4"

Erases name, address and notes of one ended sale from the till's journal, for good; money, tickets and the chain of
records stay. Where agents have PINs a supervisor's name and PIN are asked for. Nobody sells on the till meanwhile.
Korus, saved documents and copies made by korus-tui backup are not touched: docs/tills.md.

exit codes:
  0 erased   1 nothing was erased   2 asked wrongly
"""

COMPLETION = """\
examples:
  bash   korus-tui completion bash >~/.local/share/bash-completion/completions/korus-tui
  zsh    korus-tui completion zsh >"${fpath[1]}/_korus-tui"
  fish   korus-tui completion fish >~/.config/fish/completions/korus-tui.fish

exit codes:
  0 printed   2 there is no such shell here
"""
