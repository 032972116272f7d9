"""What stands around a quantity: all that decides whether it is a goal, and of what kind."""

from dataclasses import dataclass

from posthouse.programme.quantities import Quantity
from posthouse.programme.sections import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The surroundings of a quantity; dates in the texts are masked.

    before, after : text of the item on either side of the quantity. lead : text of the clause before it, from the
    quantity before on. clause : text from the start of the clause to the quantity. sentence : of the sentence up to
    it. rest : the sentence after it. part : of the document.
    bounded : whether a comparator or a growth word stands with it. dated : whether a deadline holds here.
    shared : whether the item before it in the clause was a goal. level : of the issuer: nation, province, city.
    previous_in_item, next_in_item : the quantities beside it in its item; between_next : the text up to the next one.
    bracket_head : the words before the bracket that the quantity stands in.
    """

    before: str
    after: str
    lead: str
    clause: str
    sentence: str
    rest: str
    part: Part
    bounded: bool
    dated: bool
    shared: bool
    level: str
    previous_in_item: Quantity | None
    next_in_item: Quantity | None
    between_next: str
    bracket_head: str
