"""Each goal to the measure of the catalogue that it asks for, by the catalogue's own words and units.

A definition's cues are looked for in the goal's indicator, in its text, and last in its sentence; the longest counts.
A unit that the definition does not know all but rules it out; an anti-cue in the goal's own words rules it out.
What fits badly, or fits two measures alike, is bound with a note for a person; what fits nothing says what is missing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from posthouse.programme.model import KIND_NAMES, Binding, Goal, Programme
from posthouse.programme.parameters import derive_parameters
from posthouse.vocabulary.definitions import MeasureDefinition

SURE = 0.5
"""Score from which a binding needs no look by a person."""

POSSIBLE = 0.3
"""Score below which nothing is bound."""

MARGIN = 0.08
"""A runner-up nearer than this makes a binding unsure."""

_OWN_KINDS = ("goal", "standard", "rhythm", "structure")
_QUOTES = re.compile(r"[“”‘’「」\s]")
_CHANGES = {"growth": "增长", "reduction": "减少"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """A goal's words to look for cues in: the indicator with its change, the text, the sentence; and all at once."""

    indicator: str
    text: str
    sentence: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A definition made ready: cues without quotes, longest first; units, also without what they are counted by."""

    definition: MeasureDefinition
    cues: tuple[str, ...]
    anti_cues: tuple[str, ...]
    units: frozenset[str]


def bind_goals(programme: Programme, definitions: Sequence[MeasureDefinition]) -> Programme:
    """Return the programme with every goal of its own bound, or with a note that says what would be needed."""
    candidates = [_candidate(definition) for definition in definitions]
    sharing = Counter(goal.source.span for goal in programme.goals if goal.kind in _OWN_KINDS)
    return replace(
        programme,
        goals=tuple(
            replace(goal, binding=_bind(goal, programme, candidates, alone=sharing[goal.source.span] == 1))
            if goal.kind in _OWN_KINDS
            else goal
            for goal in programme.goals
        ),
    )


def _bind(goal: Goal, programme: Programme, candidates: Sequence[_Candidate], *, alone: bool) -> Binding:
    words = _words(goal, alone=alone)
    scored = sorted(
        ((score, -i) for i, candidate in enumerate(candidates) if (score := _score(goal, words, candidate)) > 0),
        reverse=True,
    )
    if not scored or scored[0][0] < POSSIBLE:
        runner_up = candidates[-scored[0][1]].definition.id if scored else None
        return Binding(measure=None, note=_missing(goal), runner_up=runner_up)
    score, best = scored[0][0], candidates[-scored[0][1]].definition
    second_score = scored[1][0] if len(scored) > 1 else 0.0
    second = candidates[-scored[1][1]].definition if second_score >= POSSIBLE else None
    parameters, remarks = derive_parameters(goal, best, programme)
    notes = list(remarks)
    if score < SURE:
        notes.insert(0, f"按“{best.name_zh}”对应，把握不大，请确认")
    elif second and score - second_score < MARGIN:
        notes.insert(0, f"也可能是“{second.name_zh}”，请确认")
    if not best.computed and best.needs:
        notes.append(f"暂不能计算：{best.needs}")
    return Binding(
        measure=best.id,
        score=round(score, 2),
        runner_up=second.id if second else None,
        parameters=parameters,
        note="；".join(notes),
    )


def _words(goal: Goal, *, alone: bool) -> _Words:
    """Return a goal's words; of goals that share a text (甲和乙均达到…) the text is not their own."""
    change = "翻番" if goal.unit.startswith("倍") and goal.comparator == "growth" else _CHANGES.get(goal.comparator, "")
    annual = "年均" if goal.unit.endswith("/年") and goal.comparator == "growth" else ""
    indicator = f"{_plain(goal.indicator)}{annual}{change}"
    text, sentence = _plain(goal.text) if alone else "", _plain(goal.sentence)
    return _Words(indicator=indicator, text=text, sentence=sentence, whole=f"{indicator}\n{text}\n{sentence}")


def _candidate(definition: MeasureDefinition) -> _Candidate:
    units = {re.sub("（.*?）", "", word) for word in definition.units_zh}
    return _Candidate(
        definition=definition,
        cues=tuple(sorted({_plain(cue) for cue in definition.cues} - {""}, key=len, reverse=True)),
        anti_cues=tuple(_plain(cue) for cue in definition.anti_cues),
        units=frozenset(units | {word.split("/")[0] for word in units}),
    )


def _score(goal: Goal, words: _Words, candidate: _Candidate) -> float:
    """Return 0..1: how well a definition's cues and units fit a goal."""
    if not _longest(candidate.cues, words.whole):
        return 0.0
    in_indicator = _longest(candidate.cues, words.indicator)
    in_own = max(in_indicator, _longest(candidate.cues, words.text))
    if in_own:
        share = in_indicator / max(len(words.indicator), 1)
        score = 0.35 + 0.35 * share + 0.3 * min(1.0, in_own / 8)
    else:
        in_sentence = _longest(candidate.cues, words.sentence)
        score = 0.2 + 0.2 * min(1.0, in_sentence / 8) if in_sentence else 0.0
    if not score or any(cue in words.indicator or cue in words.text for cue in candidate.anti_cues):
        return 0.0
    return min(score if _same_unit(goal, candidate) else 0.25 * score, 1.0)


def _longest(cues: Sequence[str], text: str) -> int:
    """Return the length of the longest cue that the text holds, 0 if none; cues come longest first."""
    for cue in cues:
        if cue in text:
            return len(cue)
    return 0


def _same_unit(goal: Goal, candidate: _Candidate) -> bool:
    unit = re.sub("（.*?）", "", goal.unit)
    return not candidate.units or unit in candidate.units or unit.split("/")[0] in candidate.units


def _plain(text: str) -> str:
    return _QUOTES.sub("", text)


def _missing(goal: Goal) -> str:
    unit = f"，单位“{goal.unit}”" if goal.unit else ""
    name = f"“{goal.indicator or goal.text[:20]}”（{KIND_NAMES[goal.kind]}{unit}）"
    return f"指标目录中没有{name}；需先在目录中定义它的口径和所需台账"
