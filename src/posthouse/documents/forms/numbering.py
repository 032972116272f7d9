"""Automatic numbering of Word paragraphs: the labels that Word shows but the file does not hold as text.

Office Open XML, ISO/IEC 29500-1:2016, 17.9: a paragraph names a list (`numId`) and a level (`ilvl`); the list names
how each level counts (`numFmt`) and looks (`lvlText`, %1 being the number of the first level).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from posthouse.documents.numerals import write_numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""Namespace of the elements of a Word document."""

MAX_LEVEL = 8
"""Levels are 0 to 8 (17.9.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a list. start : first number. form : `numFmt`. text : `lvlText`."""

    start: int = 1
    form: str = "decimal"
    text: str = ""


@dataclass(slots=True)
class Numbering:
    """The lists of one document, counting while its paragraphs are read in order.

    abstracts : definition of each list (`numId` to `abstractNumId`). levels : by abstract list and level.
    restarts : numbers at which a list starts anew at its first use. styles : list and level of paragraph styles.
    """

    abstracts: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[tuple[str, int], Level] = field(default_factory=dict)
    restarts: Mapping[tuple[str, int], int] = field(default_factory=dict)
    styles: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def next_label(self, list_id: str, level: int) -> str:
        """Count one paragraph of the list on and return its label; empty for bullets and unknown lists."""
        abstract = self.abstracts.get(list_id)
        if abstract is None or not 0 <= level <= MAX_LEVEL:
            return ""
        counts = self.counts.setdefault(abstract, [None] * (MAX_LEVEL + 1))
        if list_id not in self.used:
            self.used.add(list_id)
            for at in range(MAX_LEVEL + 1):
                restart = self.restarts.get((list_id, at))
                if restart is not None:
                    counts[at] = restart - 1
        for at in range(level):
            if counts[at] is None:
                counts[at] = self._level(abstract, at).start
        before = counts[level]
        counts[level] = self._level(abstract, level).start if before is None else before + 1
        counts[level + 1 :] = [None] * (MAX_LEVEL - level)
        return self._shown(abstract, level, counts)

    def _level(self, abstract: str, level: int) -> Level:
        return self.levels.get((abstract, level), Level())

    def _shown(self, abstract: str, level: int, counts: list[int | None]) -> str:
        shape = self._level(abstract, level)
        if shape.form in ("bullet", "none"):
            return ""

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            return write_number(counts[at] or 0, self._level(abstract, at).form)

        return re.sub(r"%([1-9])", number, shape.text[:40])


def write_number(number: int, form: str) -> str:
    """Return a number as a `numFmt` shows it.

    >>> write_number(12, "chineseCounting"), write_number(3, "decimalEnclosedCircle"), write_number(4, "lowerRoman")
    ('十二', '③', 'iv')
    """
    return _FORMS.get(form, str)(number)


def _circle(number: int) -> str:
    return chr(0x245F + number) if 1 <= number <= 20 else f"（{number}）"


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 9)


def _roman(number: int) -> str:
    parts = []
    for value, sign in _ROMAN:
        count, number = divmod(min(number, 3999), value)
        parts.append(sign * count)
    return "".join(parts)


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_FORMS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "ideographDigital",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "ideographTraditional",
        ),
        write_numeral,
    ),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circle),
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "decimalZero": lambda number: f"{number:02d}",
}
