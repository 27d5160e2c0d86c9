"""Which areas lie in which: what is below one that is asked for, and all that each lies in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from outreach.models.statements import fetch

EVERYWHERE = ""
"""Above every area, and the only one above what lies in none."""


@dataclass(frozen=True)
class Tree:
    """The areas' paths by id, as they are now: moving one (`put_area`) makes what was summed along them wrong."""

    paths: Mapping[str, str]

    @cached_property
    def ids(self) -> dict[str, str]:
        """The ids by path."""
        return {path: area for area, path in self.paths.items()}

    @cached_property
    def above(self) -> dict[str, tuple[str, ...]]:
        """All that an area lies in, by its id, the largest first and itself left out."""
        return {area: self._above(path) for area, path in self.paths.items()}

    def _above(self, path: str) -> tuple[str, ...]:
        codes = path.strip("/").split("/")
        larger = ("/" + "/".join(codes[:depth]) + "/" for depth in range(1, len(codes)))
        return (EVERYWHERE, *(self.ids[each] for each in larger if each in self.ids))

    def chain(self, area: str) -> tuple[str, ...]:
        """All that it lies in; EVERYWHERE alone for none or one that is not known."""
        return self.above.get(area, (EVERYWHERE,))

    def tops(self, area_path: str) -> set[str]:
        """The area of that path; those that begin so and lie in no other that does, where it is only part of one."""
        inside = self.lies_in(area_path)
        return {area for area in self.paths if inside(area) and not any(inside(each) for each in self.chain(area)[1:])}

    def lies_in(self, area_path: str) -> Callable[[str], bool]:
        """Whether an area (an id) is the one of that path or below it; everything lies in the empty path."""
        return lambda area: not area_path or self.paths.get(area, "").startswith(area_path)


async def read_tree() -> Tree:
    """All areas there are."""
    rows = await fetch("SELECT CAST(id AS text) AS id, path FROM area")
    return Tree({row["id"]: row["path"] for row in rows})
