"""The first words that mean the same, which staff go on with. As questions have them: in lower case, simplified."""

from django.db import migrations

PAIRS = [
    ("javascript", "js"), ("typescript", "ts"), ("kubernetes", "k8s"), ("photoshop", "ps"),
    ("artificial intelligence", "ai"), ("machine learning", "ml"), ("user interface", "ui"), ("powerpoint", "ppt"),
    ("search engine optimization", "seo"), ("regex", "regular expression"),
    ("编程", "程序设计"), ("电脑", "计算机"), ("英语", "英文"), ("做菜", "烹饪"), ("画画", "绘画"), ("陶艺", "制陶"),
    ("修图", "照片处理"), ("直播带货", "直播电商"), ("短视频", "小视频"),
]  # fmt: skip


def write(apps, schema_editor):
    rows = apps.get_model("discovery", "Synonym").objects
    rows.bulk_create(rows.model(one=min(pair), other=max(pair)) for pair in PAIRS)


class Migration(migrations.Migration):
    dependencies = [("discovery", "0005_synonyms")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
