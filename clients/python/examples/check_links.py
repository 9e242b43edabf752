"""Looks for links that lead nowhere in the Markdown pages of a folder, and asks before it writes them down.

    python check_links.py [FOLDER]

Every page is a step, so that a check that was killed goes on with the pages that are left. What is answered is not
asked again: the run is named after the folder and what is in it.
"""

import asyncio
import hashlib
import re
import sys
from pathlib import Path
from typing import Dict, List

from fermata import Engine, Program, Question

LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)")
REPORT = "broken-links.md"
engine = Engine(store=".fermata-links.db", name="check-links")


def pages_of(folder: Path) -> List[str]:
    found = (page.relative_to(folder) for page in folder.rglob("*.md"))
    return sorted(str(page) for page in found if page.name != REPORT and not any(p.startswith(".") for p in page.parts))


def broken_links(folder: Path, page: str) -> List[str]:
    targets = LINK.findall((folder / page).read_text(encoding="utf-8", errors="replace"))
    return [target for target in targets if not ((folder / page).parent / target).exists()]


@engine.workflow
async def check_links(ctx: Program, root: str) -> str:
    folder = Path(root)
    pages: List[str] = await ctx.step("list", lambda: pages_of(folder))
    checks = (ctx.step("check", lambda page=page: broken_links(folder, page)) for page in pages)
    broken: Dict[str, List[str]] = {page: bad for page, bad in zip(pages, await asyncio.gather(*checks)) if bad}
    summary = f"{len(pages)} pages, {sum(map(len, broken.values()))} broken links"
    if not broken:
        return summary
    report = "".join(f"- {page}: {', '.join(targets)}\n" for page, targets in broken.items())
    if await ctx.approval(f"{summary}. Write {REPORT}?", show=report):
        await ctx.step("write", lambda: (folder / REPORT).write_text(f"# Broken links\n\n{report}", encoding="utf-8"))
    return summary


async def ask(question: Question) -> bool:
    print(question.data["show"] + question.message, "[y/N]", flush=True)
    return (await asyncio.to_thread(sys.stdin.readline)).strip().lower() in ("y", "yes")


async def main(folder: Path) -> None:
    state = "\n".join(f"{page} {(folder / page).stat().st_mtime_ns}" for page in pages_of(folder))
    name = hashlib.sha256(f"{folder}\n{state}".encode()).hexdigest()[:16]
    async with engine:
        print(await engine.run(check_links, str(folder), run_id=f"links-{name}", on_approval_requested=ask))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
