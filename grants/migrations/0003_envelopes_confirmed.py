from django.db import migrations

# Money that somebody set alone is refused, whatever program writes it: the amount must be that of a confirmed change, and
# the table of changes holds that its two people differ.
CREATE = """
CREATE FUNCTION grants_envelope_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM grants_envelopechange
        WHERE scheme_id = NEW.scheme_id AND year = NEW.year AND amount = NEW.amount AND status = 'confirmed'
    ) THEN
        RAISE EXCEPTION 'No confirmed change enters % for % of scheme %.', NEW.amount, NEW.year, NEW.scheme_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grants_envelope_confirmed BEFORE INSERT OR UPDATE ON grants_envelope
    FOR EACH ROW EXECUTE FUNCTION grants_envelope_confirmed();
"""
REMOVE = "DROP TRIGGER grants_envelope_confirmed ON grants_envelope; DROP FUNCTION grants_envelope_confirmed();"


class Migration(migrations.Migration):
    dependencies = [("grants", "0002_append_only")]

    operations = [migrations.RunSQL(CREATE, REMOVE)]
