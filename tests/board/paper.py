"""The report as whoever prints it holds it: whether it fits its sheet, and whether each figure leads to its cases."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from playwright.async_api import Locator

from tests.board.conftest import DESK, Board
from tests.phone.conftest import PATIENCE_MS

A4 = {"width": 703, "height": 1062}
"""What the margins leave of the sheet, in the browser's own pixels."""
FAULTS = """() => {
  const main = document.querySelector("main"), lines = [], faults = [];
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) {
    const said = text.data.trim(), line = document.createRange();
    if (!said || !text.parentElement.checkVisibility() || text.parentElement.closest(".vh, option, title")) continue;
    line.selectNodeContents(text);
    for (const box of line.getClientRects()) lines.push({ said, box });
  }
  for (const [at, { said, box }] of lines.entries()) {
    const leaves = box.left < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight;
    if (leaves) faults.push(`${said} leaves the sheet`);
    for (const { said: other, box: its } of lines.slice(at + 1)) {
      const wide = Math.min(box.right, its.right) - Math.max(box.left, its.left);
      const high = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
      if (wide > 1 && high > Math.min(box.height, its.height) * 0.4) faults.push(`${said} lies on ${other}`);
    }
  }
  const cut = [...main.querySelectorAll(".ell")].filter((one) => one.scrollWidth > one.clientWidth);
  return [...faults, ...cut.map((one) => `${one.innerText} is cut off`)];
}"""
ON_THE_SHEET = ".fig-link:not(.table:not(.curve *) *), .big, .opens, .areas path, .hours rect:not(.few, [height='0'])"
FIGURES = """(marks) => marks.map((mark) => {
  const words = (of) => {
    const texts = document.createTreeWalker(of, NodeFilter.SHOW_TEXT), found = [];
    for (let text; (text = texts.nextNode()); ) found.push(text.data.trim());
    return found.filter(Boolean).join(" ");
  };
  const part = mark.closest("section, .fb"), all = words(mark), rows = [...part.querySelectorAll("tr")];
  // A mark of a drawing has its count in the table below it: of its name, or of its hour.
  const named = rows.find((row) => all.startsWith(`${row.cells[0].textContent} `));
  const hours = [...part.querySelectorAll(".hours rect")];
  const hour = hours.includes(mark) && rows[1 + hours.indexOf(mark) % 48];
  const line = hour || mark.closest("tr") || named || mark.closest("h3, li, .ch, dl > div") || mark;
  const says = mark.matches("path, rect") ? "" : all;
  return { part: part.className.replace("cell", "").trim(), says, line: words(line) };
})"""
LISTED = """async (seen) => {
  for (; ; await new Promise(requestAnimationFrame)) {
    const opened = document.querySelector("dialog[open]"), said = opened?.querySelector("h2").innerText ?? "";
    const [count, of] = (/(\\d+) of (\\d+)$/.exec(said) ?? []).slice(1).map(Number);
    const rows = opened?.querySelectorAll("li").length;
    if (count >= 0 && (rows === count || (rows > seen && rows < count))) return [count, of, rows];
  }
}"""
CLOSED = """async () => { while (document.querySelector("dialog")) await new Promise(requestAnimationFrame); }"""
COUNT = re.compile(r"(?<![\w.:<])\d+(?![\w:]|[.,]\d| %| min)")
"""A whole number that is no share, no minutes, no time of day and no part of a name."""
SHARE = re.compile(r"([\d.]+) %")


@dataclass(frozen=True)
class Figure:
    """A figure, or a mark, that opens cases: the part of the page, what it says itself, what its whole line says."""

    part: str
    says: str
    line: str


@dataclass(frozen=True)
class Whole:
    """What the page says of all: how many are open, were reached, and were reached in the way that it times."""

    still_open: int
    reached: int
    reached_so: int


async def fits_one_sheet(board: Board) -> None:
    """Printed it is one page, on which nothing is cut off, lies on something else or leaves the sheet."""
    sheet = await board.page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    await board.page.emulate_media(media="print")
    await board.page.set_viewport_size(A4)
    assert await board.page.evaluate(FAULTS) == []
    await board.page.emulate_media(media="screen")
    await board.page.set_viewport_size(DESK)


async def cases_listed(board: Board, figure: Locator) -> tuple[int, int]:
    """How many cases the figure opens, each of them in the list, and of how many; the list is closed again."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        await figure.click()
        count, of, listed = await board.page.evaluate(LISTED, 0)
        while listed < count:
            await board.tap("Show more")
            count, of, listed = await board.page.evaluate(LISTED, listed)
        await shut(board)
    return count, of


async def shut(board: Board) -> None:
    """Leave the list of cases, as far as the page is concerned too."""
    await board.press("Escape")
    await board.page.evaluate(CLOSED)


async def every_figure_opens_its_cases(board: Board) -> set[str]:
    """Each figure on the sheet opens as many cases as the page counts for it; answers in which parts there are any."""
    await board.page.eval_on_selector_all("details.table", "all => all.forEach((one) => (one.open = true))")
    marks = board.page.locator("main").locator(ON_THE_SHEET)
    figures = [Figure(**found) for found in await marks.evaluate_all(FIGURES)]
    whole = whole_of(figures)
    for figure, mark in zip(figures, await marks.all(), strict=True):
        listed, of = await cases_listed(board, mark)
        assert agrees(figure, listed, of, whole), (figure, listed, of)
    return {figure.part for figure in figures}


def agrees(figure: Figure, listed: int, of: int, whole: Whole) -> bool:
    """Whether so many cases of so many are what the page says: the count itself, and the share."""
    own, beside = ([int(each) for each in COUNT.findall(words)] for words in (figure.says, figure.line))
    share = SHARE.search(figure.says if figure.part in ("hero", "curve") else figure.line)
    if figure.part == "stages":
        return listed == whole.reached_so
    if own:
        return listed == own[-1]
    if share and figure.part in ("hero", "curve"):
        # Whoever is open may have been counted out before that minute: as if none of them were reached, or all.
        return listed == [listed, *beside][-1] and lies(share[1], listed, listed + whole.still_open, of)
    if share and figure.part in ("funnel", "reasons", "rates"):
        return listed == beside[0 if figure.part == "rates" else -1] and lies(share[1], listed, listed, of)
    return listed == [whole.reached, *beside][-1]


def lies(share: str, low: int, high: int, of: int) -> bool:
    """Whether a share as it is written, to a tenth of a percent, is one of so many at least and so many at most."""
    return low / of - 0.0006 <= float(share) / 100 <= high / of + 0.0006


def whole_of(figures: list[Figure]) -> Whole:
    """What the page says of all."""
    said = {part: [each for each in figures if each.part == part] for part in ("fb", "funnel", "stages")}
    [reached] = [at for at, each in enumerate(said["funnel"]) if each.says == "Reached"]
    [way] = re.findall(r"mean, by (\w+)", said["stages"][0].line)
    so = next(each for each in said["funnel"][reached:] if each.says.startswith(way) or way == "all")
    lines = (said["fb"][0].line, said["funnel"][reached].line, so.line if way == "all" else so.says)
    return Whole(*(int(COUNT.findall(line)[-1]) for line in lines))
