"""Every sentence of the pages has its English, and the compiled catalogue is that of the source."""

import gettext
import re
from importlib.resources import files

from django.utils.translation import override

CONSOLE = files("posthouse_web")
_LITERAL = re.compile(r"""\{% translate ["'](.+?)["'] ?(?:as \w+ )?%\}""")
_BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% (?:endblocktranslate|plural) ", re.DOTALL)
_CODE = re.compile(r'\b_[ln]?\("([^"]+)"\)')


def sentences():
    """Yield each sentence that pages and code mark for translation, with the file it stands in."""
    for path in sorted(CONSOLE.rglob("*")):  # type: ignore[attr-defined]
        if path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            yield from ((path.name, said) for said in _LITERAL.findall(text))
            yield from ((path.name, re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", said)) for said in _BLOCK.findall(text))
        elif path.suffix == ".py":
            yield from ((path.name, said) for said in _CODE.findall(path.read_text(encoding="utf-8")))


def catalogue():
    with (CONSOLE / "locale/en/LC_MESSAGES/django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_sentence_has_its_english():
    known = catalogue()
    missing = {
        (name, said) for name, said in sentences() if said == known.gettext(said) == known.ngettext(said, said, 2)
    }
    assert not missing, missing


def test_the_compiled_catalogue_holds_what_the_source_says():
    source = (CONSOLE / "locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    said = set(re.findall(r'^msgid "(.+)"$', source, re.MULTILINE))
    compiled = {key if isinstance(key, str) else key[0] for key in catalogue()._catalog} - {""}
    assert said == compiled


def test_chinese_needs_no_catalogue():
    with override("zh-hans"):
        from django.utils.translation import gettext as translate

        assert translate("总览") == "总览"
