"""The forms in which figures are kept and asked for: of every area, of all together, and as a map shows them."""

from __future__ import annotations

import numpy as np

from outreach.reports.packing import CHANNELS, MARKS, PLACES, SIZE, Counted
from outreach.reports.sheets import Sheet
from outreach.reports.tree import EVERYWHERE, Tree
from outreach.survival import BINS, EDGES

EACH, TOTAL, MAP = "each", "total", "map"
"""EACH tells all figures of every area apart, TOTAL adds the areas up, MAP has of every area what a share needs."""


def _map_places() -> Counted:
    """Where a figure goes on the map's sheet: one channel, one kind of other end, one bin for all that came later."""
    bins = np.minimum(np.arange(BINS), int(np.searchsorted(EDGES, MARKS[-1])) + 1)
    to = np.full(SIZE, -1, np.int64)
    to[PLACES["warned"]] = PLACES["warned"].start
    to[PLACES["reached"]] = PLACES["reached"].start + np.tile(bins, len(CHANNELS))
    for name, as_name in (("unreached", "otherwise"), ("otherwise", "otherwise"), ("open", "open")):
        to[PLACES[name]] = PLACES[as_name].start + bins
    return to


MAP_PLACES = _map_places()


def seen(sheet: Sheet, view: str) -> Sheet:
    """What that view shows of a sheet that tells all apart."""
    if view == TOTAL:
        return sheet.named(area=lambda _: EVERYWHERE)
    return sheet.named(policy=lambda _: "").moved(MAP_PLACES) if view == MAP else sheet


def cells_of(sheet: Sheet, tree: Tree) -> dict[tuple[str, str], Sheet]:
    """What is kept of the sheet of a day or a month, by area and view.

    MAP is kept once; EACH with the area right above those it tells apart; TOTAL with every area, of all below it.
    """
    found = {(EVERYWHERE, MAP): seen(sheet, MAP)}
    found |= {(area, EACH): part for area, part in sheet.split("area", lambda area: tree.chain(area)[-1]).items()}
    for depth in range(max((len(tree.chain(area)) for area in sheet.words[0]), default=0)):
        found |= {(area, TOTAL): part for area, part in _larger(sheet, tree, depth).split("area").items()}
    return found


def _larger(sheet: Sheet, tree: Tree, depth: int) -> Sheet:
    """The figures of the areas that lie so deep in others, as those of the one at that depth."""
    deep = sheet.kept("area", lambda area: len(tree.chain(area)) > depth)
    return deep.named(area=lambda area: tree.chain(area)[depth])
