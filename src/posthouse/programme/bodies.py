"""Steering groups, task forces and their offices: who leads, who belongs to them, what they are for.

Two forms occur: member lists in an annex (组长：…, 副组长：…, 成员：…), one person a line or a list of names, and
running text (成立由分管副市长任组长、…为副组长的…领导小组). Units left out in a later list come from an earlier one.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from posthouse.documents.model import Document
from posthouse.programme.model import Body, Member
from posthouse.programme.sections import Section, Sections
from posthouse.programme.units import split_units
from posthouse.vocabulary.sources import Source

_ROLE = re.compile(
    r"(?:^|(?<=\n))(?P<role>第一组长|常务副组长|执行副组长|副组长|组长|总召集人|副召集人|召集人|总指挥|副总指挥|指挥长|副指挥长|常务副主任|副主任|主任|成员单位|成员|职责|主要职责|工作职责)[：:]"
)
_LEADERS = {"第一组长", "组长", "总召集人", "召集人", "总指挥", "指挥长", "主任"}
_DEPUTIES = {"常务副组长", "执行副组长", "副组长", "副召集人", "副总指挥", "副指挥长", "常务副主任", "副主任"}
_DUTIES = {"职责", "主要职责", "工作职责"}
_PERSON = re.compile(
    r"^(?P<name>[^\s（）：，。]{1,12}?)(?:（(?P<unit>[^（）]{2,30})）|\s+(?P<post>\S{2,30}))$|^(?P<alone>[\u4e00-\u9fff]{2,4})$"
)
_POST = re.compile(
    r"^(?P<name>[\u4e00-\u9fff]{2,3}?)(?P<unit>(?:市|县|区|省|州|镇|乡|街道)[^（）\s]{1,24}"
    r"(?:长|主任|书记|经理|主席|委员|干部|负责人|部长|总工程师|调研员))$"
)
_KIND = "领导小组|工作专班|专班|工作组|指挥部|委员会|协调小组|推进小组|工作小组|联席会议|推进工作机制|推进机制"
_PROSE = re.compile(
    rf"(?:成立|组建|设立|建立)(?:(?=由)(?P<posts>[^。；\n]{{4,200}}(?:组长|成员|召集人|总指挥|主任|参加|参与|组成|牵头)的))?(?:以[^，。；\n]{{2,40}}为[^，。；\n]{{2,8}}的)?"
    rf"(?P<name>[^，。；、\n“”为由的]{{0,20}}(?:“[^”\n]{{1,20}}”)?[^，。；、\n为由的]{{0,16}}?(?:{_KIND}))(?=[，。；、\n）下]|$)"
)
_LED = re.compile(
    r"(?:由)?(?P<post>[^，。；由]{2,30}?)(?:任|为|担任)(?P<role>组长|副组长|召集人|总指挥|副总指挥|成员|主任)"
)
_CHAIR = re.compile(r"^(?:由)(?P<post>[^，。；]{2,24}?)(?:牵头|负责)")


def extract_bodies(document: Document, sections: Sections) -> tuple[Body, ...]:
    """Return the bodies that the document sets up, in order."""
    bodies: list[Body] = []
    known: dict[str, str] = {}
    for section in sections:
        text = document.reading[section.start : section.end]
        if _ROLE.search(text):
            body = _listed(document, section, text)
            if body:
                known.update({m.name: m.unit for m in _people(body) if m.unit})
                bodies.append(_with_units(body, known))
                continue
        if section.part not in {"aims", "background"}:
            bodies.extend(_described(document, section))
    return tuple(bodies)


def _listed(document: Document, section: Section, text: str) -> Body | None:
    """Return the body of a member list."""
    marks = list(_ROLE.finditer(text))
    leaders: list[Member] = []
    deputies: list[Member] = []
    members: list[Member] = []
    duties = ""
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        content = text[mark.end() : following.start() if following else len(text)].strip()
        role = mark["role"]
        if role in _DUTIES:
            duties = content.split("\n")[0].rstrip("。")
            continue
        people, rest = _units_as_members(content) if role == "成员单位" else _read_people(content)
        duties = duties or rest
        target = leaders if role in _LEADERS else deputies if role in _DEPUTIES else members
        target.extend(people)
    if not leaders and not members:
        return None
    title = section.titles[-1] if section.titles and section.titles[-1] else _heading_above(text, marks[0].start())
    return Body(
        name=title or document.title or document.name,
        leader=leaders[0] if leaders else None,
        deputies=tuple(deputies + leaders[1:]),
        members=tuple(members),
        duties=duties,
        source=_source(document, section, section.start, section.end),
    )


def _read_people(content: str) -> tuple[list[Member], str]:
    """Return the people of a list, by line or by separator, and the text that follows them."""
    people: list[Member] = []
    lines = content.split("\n")
    for i, line in enumerate(lines):
        parts = [part.strip() for part in re.split("[、，；]", line.rstrip("。；")) if part.strip()]
        found = [_POST.match(part) or _PERSON.match(part) for part in parts]
        if not parts or not all(found) or (len(parts) == 1 and len(line) > 44):
            return people, "\n".join(lines[i:]).strip()
        people += [
            Member(name=named.get("alone") or named["name"], unit=named["unit"] or named.get("post"))
            for named in (person.groupdict() for person in found if person is not None)
        ]
    return people, ""


def _units_as_members(content: str) -> tuple[list[Member], str]:
    """Return the units of 成员单位：…, each as a member, and the text that follows."""
    line, _, rest = content.partition("\n")
    return [
        Member(name=unit.name, unit=unit.name) for unit in split_units(line, 0, len(line.rstrip("。")))
    ], rest.strip()


def _described(document: Document, section: Section) -> Iterator[Body]:
    """Yield the bodies that running text, not a heading, sets up, with posts in place of names."""
    start = section.text_start
    text = document.reading[start : section.end]
    for found in _PROSE.finditer(text):
        posts = found["posts"] or ""
        leader = next((Member(name=p["post"]) for p in _LED.finditer(posts) if p["role"] in _LEADERS), None)
        chair = _CHAIR.match(posts)
        if leader is None and chair:
            leader = Member(name=chair["post"])
        deputies = [m for p in _LED.finditer(posts) if p["role"] in _DEPUTIES for m in _posts(p["post"])]
        members = [m for p in _LED.finditer(posts) if p["role"] == "成员" for m in _posts(p["post"])]
        stop = text.find("。", found.end())
        duties = text[found.end() : stop if stop >= 0 else min(len(text), found.end() + 120)].strip("，。； \n")
        yield Body(
            name=found["name"].lstrip("的了"),
            leader=leader,
            deputies=tuple(deputies),
            members=tuple(members),
            duties=duties[:200],
            source=_source(document, section, start + found.start(), start + found.end()),
        )


def _posts(text: str) -> list[Member]:
    """Return the posts of 市政府分管副秘书长和市邮政管理局主要领导, 各县（市、区）政府分管领导."""
    parts = re.split(r"(?:和|、|及)(?![^（]*）)", text.strip("，"))
    return [Member(name=part) for part in parts if part]


def _with_units(body: Body, known: dict[str, str]) -> Body:
    def filled(member: Member) -> Member:
        return member if member.unit else replace(member, unit=known.get(member.name))

    return replace(
        body,
        leader=filled(body.leader) if body.leader else None,
        deputies=tuple(map(filled, body.deputies)),
        members=tuple(map(filled, body.members)),
    )


def _people(body: Body) -> list[Member]:
    return [*([body.leader] if body.leader else []), *body.deputies, *body.members]


def _heading_above(text: str, place: int) -> str:
    lines = [line for line in text[:place].split("\n") if line.strip()]
    return lines[-1].strip() if lines else ""


def _source(document: Document, section: Section, start: int, end: int) -> Source:
    return Source(
        document=document.number or document.title or document.name,
        clause=section.path,
        span=document.span(start, max(end, start + 1)),
    )
