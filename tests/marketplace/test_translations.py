"""Every word that people read has its Chinese, and the compiled catalog is the written one."""

import polib
import pytest
from django.utils import translation

from marketplace.local.translations import HOW_TO_MEND, faults, words, words_of_python, words_of_template


@pytest.fixture
def catalog(tmp_path):
    """Writes a catalog of one entry, compiles it, and says what is wrong with it."""

    def write(msgid, msgstr, compiled=True, **fields):
        po = polib.POFile()
        po.append(polib.POEntry(msgid=msgid, msgstr=msgstr, **fields))
        po.save(str(tmp_path / "x.po"))
        if compiled:
            po.save_as_mofile(str(tmp_path / "x.mo"))
        return lambda marked=None: faults(tmp_path / "x.po", tmp_path / "x.mo", marked)

    return write


def test_every_word_has_its_chinese_and_is_compiled():
    wrong = faults(marked=words())
    assert not wrong, "\n".join([*wrong, HOW_TO_MEND])


def test_words_are_found_in_python():
    source = """
title = _("Two " "parts")
label = pgettext_lazy("book", "Live")
said = ngettext("one", "many", n)
other = _(name)
"""
    assert set(words_of_python(source)) == {(None, "Two parts"), ("book", "Live"), (None, "one")}


def test_words_are_found_in_templates():
    source = """{% load i18n %}{% translate "It's me" as x %}{% translate 'Holds' context "payouts" %}
{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}{{ _("Plain") }}"""
    assert set(words_of_template(source)) == {
        (None, "It's me"), ("payouts", "Holds"), (None, "%(n)s row"), (None, "Plain")
    }  # fmt: skip


def test_a_word_without_chinese_is_named(catalog):
    assert catalog("Cart", "")() == ["not translated: 'Cart'"]
    assert catalog("Cart", "购物车", flags=["fuzzy"])() == ["not translated: 'Cart'"]


def test_a_word_that_was_never_collected_is_named(catalog):
    assert catalog("Cart", "购物车")({(None, "Cart"), (None, "Till")}) == ["not collected: 'Till'"]


def test_a_sentence_keeps_its_placeholders_and_tags(catalog):
    broken = catalog("<b>%(n)s</b> of {of}", "%(m)s")()
    assert broken == ["placeholders or tags differ: '<b>%(n)s</b> of {of}'"]
    assert catalog("<b>%(n)s</b> of {of}", "共 {of}，<b>%(n)s</b>")() == []


def test_an_old_compiled_catalog_is_noticed(catalog):
    catalog("Cart", "推车")
    assert catalog("Cart", "购物车", compiled=False)() == ["x.mo is older than x.po"]


def test_a_reader_of_chinese_reads_our_words():
    with translation.override("zh-hans"):
        assert translation.gettext("Cart") == "购物车"
        assert translation.pgettext("price", "Paid") == "付费"
        assert translation.gettext("Paid") == "已支付"
