"""Pages that arrive in two halves: a test that looks before the page is there fails each time, not once in a hundred.

By hand: `.venv/bin/pytest -p tests.browser.slowly -m browser`.
"""

from __future__ import annotations

import time

from django.core.servers.basehttp import ServerHandler

PAUSE = 0.35
"""Seconds between the two halves of a page, or of a fragment put in place by htmx."""
AT_ONCE = ServerHandler.finish_response


def in_two_halves(handler: ServerHandler) -> None:
    """Write an answer of HTML up to its `<body>` (a fragment, to its middle), wait, write the rest."""
    if "text/html" not in handler.headers.get("Content-Type", ""):
        AT_ONCE(handler)
        return
    content = b"".join(handler.result)
    cut = content.find(b"<body")
    half = cut if cut > 0 else len(content) // 2
    handler.result.close()
    handler.result = (part for part in (content[:half], content[half:]) if part)
    written = handler.write

    def write(part: bytes) -> None:
        written(part)
        time.sleep(PAUSE)

    handler.write = write
    AT_ONCE(handler)


ServerHandler.finish_response = in_two_halves
