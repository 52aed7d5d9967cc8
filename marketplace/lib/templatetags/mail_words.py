"""Loaded by mails after i18n: the same tags, whose sentences an administrator may say in other words."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.templatetags.i18n import do_block_translate, do_translate

from marketplace.lib.worded import WordedBlock, WordedTranslate

register = template.Library()


@register.tag("translate")
def translate(parser: Parser, token: Token) -> WordedTranslate:
    node: Any = do_translate(parser, token)
    return WordedTranslate(node.filter_expression, node.noop, node.asvar, node.message_context)


@register.tag("blocktranslate")
def blocktranslate(parser: Parser, token: Token) -> WordedBlock:
    node: Any = do_block_translate(parser, token)
    return WordedBlock(
        node.extra_context, node.singular, node.plural, node.countervar, node.counter, node.message_context,
        node.trimmed, node.asvar, node.tag_name,
    )  # fmt: skip
