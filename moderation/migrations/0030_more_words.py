"""What the first lists left out: two other spellings, and innocent words that hold a listed one."""

from datetime import UTC, datetime

from django.db import migrations

ADDED = datetime(2026, 11, 29, tzinfo=UTC)
INSULT = ("respect", "An insult.")
INNOCENT = ("", "A word of its own, and a piece of none.")

# (language, severity, (rule, reason), words)
LISTS = [
    ("en", "mark", INSULT, "phuck"),
    ("en", "person", INSULT, "azzhole"),
    ("en", "innocent", INNOCENT, "Twatt"),
    ("zh", "innocent", INNOCENT, "加微信支付,加微信登录,加微信分享,杂种优势"),
]


def write(apps, _editor):
    words = apps.get_model("moderation", "ListedWord")
    present = {text.lower() for text in words.objects.filter(withdrawal=None).values_list("text", flat=True)}
    words.objects.bulk_create(
        words(text=text, language=language, severity=severity, rule_code=rule, reason=reason, added_at=ADDED)
        for language, severity, (rule, reason), listed in LISTS
        for text in listed.split(",")
        # Moderators may have listed it themselves by now.
        if text.lower() not in present
    )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0029_refunds_asked")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
