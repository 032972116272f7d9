"""Chinese numerals as labels and dates use them: 十二 to 12, 二〇二〇 to 2020, and back for automatic numbering."""

import unicodedata

DIGITS = "〇一二三四五六七八九"
_VALUES = {character: value for value, character in enumerate(DIGITS)} | {"零": 0, "○": 0, "Ｏ": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}


def parse_numeral(text: str) -> int | None:
    """Return the number that a Chinese, Arabic or enclosed numeral writes, or None.

    >>> parse_numeral("二十一"), parse_numeral("二〇二〇"), parse_numeral("12"), parse_numeral("③")
    (21, 2020, 12, 3)
    """
    if text.isdecimal():
        return int(text) if text.isascii() else int(unicodedata.normalize("NFKC", text))
    if len(text) == 1 and text not in _VALUES and text not in _POWERS:
        value = unicodedata.numeric(text, -1.0)
        return int(value) if value >= 0 else None
    if text and all(character in _VALUES for character in text):
        return int("".join(str(_VALUES[character]) for character in text))
    total = digit = 0
    for character in text:
        if character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        elif character in _VALUES:
            digit = _VALUES[character]
        else:
            return None
    return total + digit if text else None


def write_numeral(number: int) -> str:
    """Return a number from 0 to 9999 in Chinese counting numerals.

    >>> write_numeral(1), write_numeral(10), write_numeral(21), write_numeral(105)
    ('一', '十', '二十一', '一百〇五')
    """
    if number < 10:
        return DIGITS[max(number, 0)]
    for power, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= power:
            head, rest = divmod(number, power)
            first = "" if power == 10 and head == 1 else write_numeral(head)
            gap = DIGITS[0] if 0 < rest < power // 10 else ""
            tail = (
                ""
                if not rest
                else ("一" + write_numeral(rest) if 10 <= rest < 20 and power > 10 else write_numeral(rest))
            )
            return first + name + gap + tail
    return ""
