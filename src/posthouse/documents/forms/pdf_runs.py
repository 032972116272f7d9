"""What a page of a pdf draws as text, with the place of every character (ISO 32000-1:2008, chapter 9).

The library parses the file and decodes the fonts; places are followed here, because programs draw the characters
of a line in any order, for example all “ and ” before the words between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

MAX_FORM_DEPTH = 12
"""Deepest nesting of forms (drawings inside drawings) that is followed."""

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


_TEXT_STATE = {b"Tc": "spacing", b"Tw": "word_spacing", b"Tz": "scale", b"TL": "leading"}


class TooMuchDrawnError(Exception):
    """A page draws more than the budget allows."""


@dataclass(slots=True)
class Budget:
    """How many operations are still allowed; shared by a page and the forms it draws."""

    operations: int
    forms: int

    def spend(self, *, form: bool = False) -> None:
        """Count one operation, or one drawing of a form."""
        self.operations -= 1
        self.forms -= form
        if self.operations < 0 or self.forms < 0:
            raise TooMuchDrawnError


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character. along, across : of its origin, in the direction of writing and upward from it, in points.

    width : of its cell. size : of the font, both in points.
    """

    text: str
    along: float
    across: float
    width: float
    size: float


@dataclass(frozen=True, slots=True)
class _State:
    """The graphics state as far as text needs it."""

    matrix: Matrix = IDENTITY
    font: Any = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    scale: float = 1.0
    leading: float = 0.0


@dataclass(slots=True)
class _Cursor:
    """Where the next character goes: the line's matrix, and how far the text has come on it."""

    line: Matrix = IDENTITY
    advance: float = 0.0
    glyphs: list[Glyph] = field(default_factory=list)


def list_runs(page: Any, budget: Budget, fonts: dict[int, Any]) -> Iterator[list[Glyph]]:
    """Yield what each showing operator of a page draws, in the order of drawing.

    Parameters
    ----------
    page : of the library. budget : what the page may draw. fonts : those read so far, by identity of their entry;
    shared by the pages of a file, because reading one takes longer than a page of text.
    """
    contents = page.get("/Contents")
    if contents is not None:
        yield from _draw(
            contents.get_object(),
            page.get("/Resources"),
            page.pdf,
            matrix=IDENTITY,
            budget=budget,
            fonts=fonts,
            depth=0,
        )


def _draw(
    contents: Any, resources: Any, pdf: Any, *, matrix: Matrix, budget: Budget, fonts: dict[int, Any], depth: int
) -> Iterator[list[Glyph]]:
    """Yield the runs of one content stream."""
    from pypdf.generic import ContentStream

    resources = resources.get_object() if resources is not None else {}
    state, stack = _State(matrix=matrix), []
    cursor = _Cursor()
    for operands, operator in ContentStream(contents, pdf, "bytes").operations:
        budget.spend()
        match operator:
            case b"q":
                stack.append(state)
            case b"Q":
                state = stack.pop() if stack else state
            case b"cm":
                state = replace(state, matrix=multiply(_matrix(operands), state.matrix))
            case b"Tf" if len(operands) > 1:
                state = replace(state, font=_font(resources, str(operands[0]), fonts), size=_number(operands[1]))
            case b"Do" if operands and depth < MAX_FORM_DEPTH:
                form = _form(resources, str(operands[0]))
                if form is not None:
                    budget.spend(form=True)
                    inner = multiply(_matrix(form.get("/Matrix", IDENTITY)), state.matrix)
                    yield from _draw(
                        form,
                        form.get("/Resources", resources),
                        pdf,
                        matrix=inner,
                        budget=budget,
                        fonts=fonts,
                        depth=depth + 1,
                    )
            case _:
                state = _set_text_state(state, operator, operands)
                _move(cursor, state, operator, operands)
                if operator in (b"Tj", b"TJ", b"'", b'"') and operands:
                    _show(cursor, state, operands[-1])
                    if cursor.glyphs:
                        yield cursor.glyphs
                        cursor.glyphs = []


def multiply(left: Matrix, right: Matrix) -> Matrix:
    """Return the matrix that applies left, then right."""
    a, b, c, d, e, f = left
    g, h, i, j, k, m = right
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _set_text_state(state: _State, operator: bytes, operands: Sequence[Any]) -> _State:
    """Return the state after an operator that sets spacing, scale or leading (9.3)."""
    if operator == b"TD" and len(operands) > 1:
        return replace(state, leading=-_number(operands[1]))
    name = _TEXT_STATE.get(operator)
    if name is None or not operands:
        return state
    value = _number(operands[0]) / (100 if name == "scale" else 1)
    return replace(state, **{name: value})  # type: ignore[arg-type]  # all four fields are numbers


def _move(cursor: _Cursor, state: _State, operator: bytes, operands: Sequence[Any]) -> None:
    """Move to another line or place (9.4.2)."""
    match operator:
        case b"BT":
            cursor.line = IDENTITY
        case b"Tm":
            cursor.line = _matrix(operands)
        case b"Td" | b"TD" if len(operands) > 1:
            shift = (1.0, 0.0, 0.0, 1.0, _number(operands[0]), _number(operands[1]))
            cursor.line = multiply(shift, cursor.line)
        case b"T*" | b"'" | b'"':
            cursor.line = multiply((1.0, 0.0, 0.0, 1.0, 0.0, -state.leading), cursor.line)
        case _:
            return
    cursor.advance = 0.0


def _show(cursor: _Cursor, state: _State, shown: Any) -> None:
    """Draw the strings of a showing operator; numbers between them move back by thousandths of the size (9.4.3)."""
    if state.font is None:
        return
    for part in shown if isinstance(shown, list) else [shown]:
        if isinstance(part, (int, float)):
            cursor.advance -= float(part) / 1000 * state.size * state.scale
        elif isinstance(part, (bytes, str)):
            _show_string(cursor, state, part.encode("latin-1", "replace") if isinstance(part, str) else bytes(part))


def _show_string(cursor: _Cursor, state: _State, data: bytes) -> None:
    font = state.font
    if isinstance(font.encoding, str):
        codes = characters = data.decode(font.encoding, "surrogatepass" if "utf" in font.encoding else "replace")
    else:
        codes = data.decode("latin-1")
        characters = [font.encoding.get(byte, chr(byte)) for byte in data]  # type: ignore[assignment]
    matrix = multiply(cursor.line, state.matrix)
    length = (matrix[0] ** 2 + matrix[1] ** 2) ** 0.5
    if not length:
        return
    right, up = matrix[0] / length, matrix[1] / length
    for code, character in zip(codes, characters, strict=True):
        x = cursor.advance * matrix[0] + matrix[4]
        y = cursor.advance * matrix[1] + matrix[5]
        width = float(font.get_text_width(code)) / 1000 * state.size
        step = (width + state.spacing + (state.word_spacing if code == " " else 0.0)) * state.scale
        text = font.character_map.get(character, character)
        cursor.glyphs.append(
            Glyph(
                text=str(text),
                along=x * right + y * up,
                across=y * right - x * up,
                width=abs(width * state.scale * length),
                size=abs(state.size) * length,
            )
        )
        cursor.advance += step


def _font(resources: Any, name: str, read: dict[int, Any]) -> Any:
    """Return the named font of a page or form, or None."""
    # The library keeps its font reader in a module of its own; there is no public name for it.
    from pypdf.generic._font import Font

    fonts = resources.get("/Font")
    found = fonts.get_object().get(name) if fonts is not None else None
    if found is None:
        return None
    entry = found.get_object()
    if id(entry) not in read:
        read[id(entry)] = (entry, Font.from_font_resource(entry))
    return read[id(entry)][1]


def _form(resources: Any, name: str) -> Any:
    """Return the named form of a page or form, or None for pictures and what is missing."""
    forms = resources.get("/XObject")
    found = forms.get_object().get(name) if forms is not None else None
    form = found.get_object() if found is not None else None
    return form if form is not None and form.get("/Subtype") == "/Form" else None


def _matrix(operands: Sequence[Any]) -> Matrix:
    if len(operands) != 6:
        return IDENTITY
    a, b, c, d, e, f = (_number(operand) for operand in operands)
    return (a, b, c, d, e, f)


def _number(operand: Any) -> float:
    return float(operand) if isinstance(operand, (int, float)) else 0.0
