"""The first shelves."""

from django.db import migrations

SHELVES = [
    ("programming", "Programming", "编程"),
    ("design", "Design", "设计"),
    ("data-ai", "Data and AI", "数据与人工智能"),
    ("business", "Business and live commerce", "商业与直播电商"),
    ("languages", "Languages", "语言"),
    ("photography-film", "Photography and film", "摄影与影视"),
    ("crafts-heritage", "Crafts and heritage", "手艺与非遗"),
    ("farming-life", "Farming and life skills", "农技与生活"),
]


def add(apps, schema_editor):
    category = apps.get_model("courses", "Category")
    for position, (slug, name_en, name_zh) in enumerate(SHELVES):
        category.objects.get_or_create(
            slug=slug, defaults={"name_en": name_en, "name_zh": name_zh, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_rules")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
