"""Telephone numbers of persons, masked: the digits become X, the length stays, so that places hold.

A plan names contact persons with mobile and short numbers; none of the outputs may carry them (个人信息保护法,
article 6: no more personal information than the purpose needs). Public hotlines of five digits (12305) stay.
"""

import re

MASK = "X"
"""What a digit of a telephone number becomes."""

_SEPARATOR = r"[ \t\u3000\-–—－]{0,2}"
_FIRST = r"(?:(?<![\d.A-Za-z].)|(?<=86.)|(?<=86[ \-].))"
_NO_QUANTITY = r"(?![\d.])(?!\s?[万亿元件个吨家人户平公年])"
_MOBILE = re.compile(
    rf"[1１]{_FIRST}[3-9３-９]\d(?:\d{{8}}|{_SEPARATOR}\d{{4}}{_SEPARATOR}\d{{4}}|{_SEPARATOR}\d{{3}}{_SEPARATOR}\d{{5}})"
    + _NO_QUANTITY
)
_CUT_MOBILE = re.compile(rf"[1１](?<![\d.A-Za-z].)[3-9３-９](?=[\d\s]{{10,13}}(?![\d.]))\d*\s{{1,3}}\d+{_NO_QUANTITY}")
_LANDLINE = re.compile(
    r"[0０](?<![\d.A-Za-z].)\d{2,3}[)）]?[ \-–—－]{0,2}[2-9２-９]\d{6,7}(?:-\d{1,6})?" + _NO_QUANTITY
)
_CUED = re.compile(
    r"(?:电话|手机|联系方式|传真|短号|虚拟网|小号|[Tt]el|TEL|[Ff]ax|FAX)[^\d\n。；，、]{0,12}"
    r"(?P<numbers>[+\d][\d\-–—－ \t]{5,}(?:\s?[、,，/;；和及或（）()]\s?[（(]?[\d][\d\-–—－ \t]{5,}){0,20})"
)
_DIGIT = re.compile(r"\d")


def mask_phones(text: str) -> str:
    """Return the text with the digits of telephone numbers replaced by X, character for character.

    Masked are mobile numbers, also in groups or cut by one line end; numbers with an area code; and any number of
    six digits or more that stands behind 电话, 联系方式 and the like.

    >>> mask_phones("联系方式：600000、610000；到2021年底")
    '联系方式：XXXXXX、XXXXXX；到2021年底'
    """
    spans: list[tuple[int, int]] = []
    for pattern in (_MOBILE, _CUT_MOBILE, _LANDLINE):
        spans.extend(found.span() for found in pattern.finditer(text) if _is_phone(found.group()))
    spans.extend(found.span("numbers") for found in _CUED.finditer(text))
    if not spans:
        return text
    parts: list[str] = []
    last = 0
    for start, end in sorted(spans):
        if end <= last:
            continue
        begin = max(start, last)
        parts += [text[last:begin], _DIGIT.sub(MASK, text[begin:end])]
        last = end
    return "".join([*parts, text[last:]])


def _is_phone(number: str) -> bool:
    """Whether the digits are as many as a telephone number has."""
    return 10 <= len(_DIGIT.findall(number)) <= 18
