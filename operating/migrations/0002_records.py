"""What the operator decided is never changed: what pages said and when, turns, looks, words of mails."""

from django.db import migrations

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("operating", "0001_tables"), ("floor", "0002_records")]

    operations = [
        append_only("operating_pageversion"),
        append_only("operating_pageshowing"),
        append_only("operating_switchturn"),
        append_only("operating_look"),
        append_only("operating_mailwords"),
    ]
