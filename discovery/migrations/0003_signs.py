"""How single signs sound, so that a question whose signs stand in no course can be heard as one that does."""

from django.db import migrations

from discovery import sounds


def common_signs():
    """The signs of GB 2312, some 6,800."""
    for number in range(0x4E00, 0xA000):
        try:
            chr(number).encode("gb2312")
        except UnicodeEncodeError:
            continue
        yield chr(number)


def add(apps, schema_editor):
    sign = apps.get_model("discovery", "Sign")
    rows = [sign(text=text, pinyin=sounds.pinyin(text)[0]) for text in common_signs()]
    sign.objects.bulk_create(rows, batch_size=2_000, ignore_conflicts=True)


class Migration(migrations.Migration):
    replaces = [("discovery", "0002_signs")]
    dependencies = [
        ("discovery", "0002_search"),
    ]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
