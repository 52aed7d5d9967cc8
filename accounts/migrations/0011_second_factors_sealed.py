"""Secrets of second factors that stand in the clear are sealed, and a seed of recovery codes likewise."""

from collections.abc import Callable

from django.db import migrations

from accounts.sealing import opened, sealed


def _each(apps, change: Callable[[str], str]) -> None:
    rows = apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"])
    for row in rows.iterator(chunk_size=500):
        for name in ("secret", "seed"):
            if isinstance(row.data.get(name), str):
                row.data[name] = change(row.data[name])
        if isinstance(row.data.get("migrated_codes"), list):
            row.data["migrated_codes"] = [change(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


def seal(apps, _editor) -> None:
    _each(apps, sealed)


def open_again(apps, _editor) -> None:
    _each(apps, opened)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_notices"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal, open_again)]
