from django.db import migrations

# Triggers bind every role, the owner's too; only who may switch triggers off gets past them, and then the chain shows it.
APPEND_ONLY = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_entry_rows BEFORE UPDATE OR DELETE ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_entry_table BEFORE TRUNCATE ON audit_auditentry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_rows BEFORE UPDATE OR DELETE ON audit_auditseal FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_table BEFORE TRUNCATE ON audit_auditseal FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_back BEFORE UPDATE ON audit_audithead FOR EACH ROW WHEN (NEW.seq <= OLD.seq)
    EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_rows BEFORE DELETE ON audit_audithead FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_table BEFORE TRUNCATE ON audit_audithead FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

REMOVE = """
DROP TRIGGER audit_entry_rows ON audit_auditentry;
DROP TRIGGER audit_entry_table ON audit_auditentry;
DROP TRIGGER audit_seal_rows ON audit_auditseal;
DROP TRIGGER audit_seal_table ON audit_auditseal;
DROP TRIGGER audit_head_back ON audit_audithead;
DROP TRIGGER audit_head_rows ON audit_audithead;
DROP TRIGGER audit_head_table ON audit_audithead;
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(APPEND_ONLY, REMOVE)]
