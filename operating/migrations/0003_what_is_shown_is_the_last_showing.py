"""What a page shows is its last showing, by the database's own word: nothing shows or withdraws it without a row."""

from django.db import migrations

GUARD = """
CREATE FUNCTION operating_page_shows_the_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (NEW.id, NEW.slug) IS DISTINCT FROM (OLD.id, OLD.slug)) THEN
        RAISE EXCEPTION 'the address of page % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.present_id IS DISTINCT FROM (SELECT max(id) FROM operating_pageshowing WHERE page_id = NEW.id) THEN
        RAISE EXCEPTION 'page % shows what its last showing says', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER page_shows_the_last BEFORE INSERT OR UPDATE OR DELETE ON operating_custompage
    FOR EACH ROW EXECUTE FUNCTION operating_page_shows_the_last();

CREATE FUNCTION operating_showing_is_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM operating_custompage page WHERE page.id = NEW.page_id AND page.present_id IS DISTINCT FROM
               (SELECT max(id) FROM operating_pageshowing WHERE page_id = NEW.page_id)) THEN
        RAISE EXCEPTION 'page % does not show what its last showing says', NEW.page_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER showing_is_shown AFTER INSERT ON operating_pageshowing DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION operating_showing_is_shown();

CREATE FUNCTION operating_version_is_of_its_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM operating_pageversion WHERE id = NEW.version_id AND page_id = NEW.page_id) THEN
        RAISE EXCEPTION 'version % is another page''s', NEW.version_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_is_of_its_page BEFORE INSERT ON operating_pageshowing
    FOR EACH ROW EXECUTE FUNCTION operating_version_is_of_its_page();
"""
BACK = """
DROP TRIGGER version_is_of_its_page ON operating_pageshowing;
DROP FUNCTION operating_version_is_of_its_page();
DROP TRIGGER showing_is_shown ON operating_pageshowing;
DROP FUNCTION operating_showing_is_shown();
DROP TRIGGER page_shows_the_last ON operating_custompage;
DROP FUNCTION operating_page_shows_the_last();
"""


class Migration(migrations.Migration):
    dependencies = [("operating", "0002_records")]

    operations = [migrations.RunSQL(GUARD, BACK)]
