"""A function of the owner that waits for the writers under way.

LOCK TABLE asks for UPDATE or DELETE, which the role of the application does not have on the journal. The mode excludes
itself: two transactions that take a position and then append would otherwise wait for each other.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION journal_position() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  LOCK TABLE journal_fact IN SHARE ROW EXCLUSIVE MODE;
  RETURN (SELECT coalesce(max(id), 0) FROM journal_fact);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION journal_position()")]
