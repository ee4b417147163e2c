"""What never stands in the log, nor in anything else that is kept or shown of the API's traffic."""

from __future__ import annotations

import re

REDACTED = "(redacted)"
_SECRETS = re.compile(
    r"(?i)(bearer\s+)[\w.~+/=-]+"
    r"|((?:token|secret|password|signature|authorization)[\"']?\s*[:=]\s*(?:b?[\"'])?(?:(?:bearer|basic)\s+)?)[^\s\"',;&]+"
    r"|([?&](?:sig|signature|token|expires|x-amz-[\w-]+)=)[^\s&\"']+"
    r"|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"
    r"|\b(?:\d[ -]?){12,18}\d\b"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
)


def redact(text: str) -> str:
    """The text with tokens, secrets, signed addresses, e-mail addresses and card numbers taken out."""
    return _SECRETS.sub(lambda found: (found[1] or found[2] or found[3] or "") + REDACTED, text)
