"""Document in, Programme out: goals, tasks with responsible units, bodies, rhythms, findings."""

from dataclasses import replace

from posthouse.documents.model import Document
from posthouse.programme.bodies import extract_bodies
from posthouse.programme.goals import extract_goals
from posthouse.programme.model import DocumentFacts, Programme
from posthouse.programme.remarks import list_remarks
from posthouse.programme.rhythms import extract_rhythms
from posthouse.programme.scan import Scan
from posthouse.programme.tasks import extract_tasks


def extract_programme(document: Document) -> Programme:
    """Return the Programme that a document sets out; findings say what a person should look at."""
    scan = Scan(document)
    programme = Programme(
        document=DocumentFacts(
            issuer=document.issuer,
            number=document.number,
            title=document.title,
            issued_on=document.issued_on,
            effective_on=document.effective_on,
            parents=tuple(parent.title for parent in document.parents),
        ),
        goals=extract_goals(scan),
        tasks=extract_tasks(document, scan.sections),
        bodies=extract_bodies(document, scan.sections),
        rhythms=extract_rhythms(document, scan.sections),
    )
    return replace(programme, findings=tuple(list_remarks(programme, scan)))
