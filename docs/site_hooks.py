"""Hook of MkDocs: what the pages write for GitHub is made to work on the site, too."""

from __future__ import annotations

import posixpath
import re
from typing import Any

# Links to files elsewhere in the repository.
_LINK = re.compile(r"\]\((\.\./[^)\s]+)\)")

# A block of code that is a file: its language, and its name.
_FILE = re.compile(r"^```(\w+) (\S+)$", re.MULTILINE)


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """Leads relative links that leave `docs/` to the repository's site, and gives files of code a title."""
    base = f"{config['repo_url']}/blob/main/"
    folder = posixpath.dirname(f"docs/{page.file.src_uri}")
    text = _LINK.sub(lambda found: f"]({base}{posixpath.normpath(posixpath.join(folder, found[1]))})", markdown)
    return _FILE.sub(r'```\1 title="\2"', text)
