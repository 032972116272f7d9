"""Bytes of a text file to characters: UTF-8, UTF-16, GB18030 (which holds GBK and GB2312), with or without a mark.

The text is the file itself, character for character: line ends stay as they are. A byte order mark is no part of it.
"""

import codecs
import re

from posthouse.vocabulary.errors import UnusableInputError

MAX_CONTROL_SHARE = 0.02
"""A text in which more characters than this are controls or unassigned is no text."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd-\uffff]")


def decode_text(data: bytes, name: str) -> str:
    """Return the characters of a text file.

    Raises
    ------
    UnusableInputError : the bytes are no text in any of these encodings.
    """
    text = _decode(data, name)
    if len(_CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise _unreadable(name, "含大量无法显示的字符")
    return text


def _decode(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, name)
    if b"\x00" in data[:4096]:
        return _strict(data, "utf-16-le" if data[1:4096:2].count(0) >= data[:4096:2].count(0) else "utf-16-be", name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "gb18030", name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(name, f"第 {error.start + 1} 字节处不能解读") from None


def _unreadable(name: str, found: str) -> UnusableInputError:
    return UnusableInputError(
        f"{name} 应为 UTF-8、UTF-16 或 GB18030 编码的文本，实际{found}。请用“另存为”改成 UTF-8 文本后重试。"
    )
