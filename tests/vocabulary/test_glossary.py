import pytest

from posthouse.vocabulary.glossary import all_terms, zh


def test_every_term_has_its_words_and_no_identifier_stands_twice():
    terms = all_terms()
    assert all(term.zh and term.en and term.meaning for term in terms)
    assert len({term.id for term in terms}) == len(terms)


def test_a_term_that_is_missing_says_where_to_add_it():
    assert zh("parcel") == "快件"
    with pytest.raises(KeyError, match=r"glossary\.toml"):
        zh("no_such_word")
