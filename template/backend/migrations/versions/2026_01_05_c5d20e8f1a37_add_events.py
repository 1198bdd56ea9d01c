"""Add events.

Revision c5d20e8f1a37, after 8e3a57d0b1c4, of 2026-01-05.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "c5d20e8f1a37"
down_revision: str | Sequence[str] | None = "8e3a57d0b1c4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What a table's trigger calls, with the kind of thing that a row is. It runs when the transaction
# commits, and locks the log of the user until that is done: numbers have no gap, and their order is
# that of the commits. Users may not write events themselves, so it runs as its owner.
RECORD_CHANGE = """
CREATE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    changed jsonb := to_jsonb(COALESCE(NEW, OLD));
    owner uuid := changed ->> 'owner_id';
    next bigint;
BEGIN
    INSERT INTO public.event_logs AS log (user_id, last) VALUES (owner, 1)
    ON CONFLICT (user_id) DO UPDATE SET last = log.last + 1
    RETURNING last INTO next;
    INSERT INTO public.events (user_id, number, kind, action, state)
    VALUES (
        owner,
        next,
        TG_ARGV[0],
        CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END,
        changed
    );
    PERFORM pg_notify('events', owner::text);
    RETURN NULL;
END
$$
"""
RECORD_ITEMS = """
CREATE CONSTRAINT TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON items
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION record_change('item')
"""


def upgrade() -> None:
    op.create_table(
        "event_logs",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_event_logs")),
    )
    op.create_table(
        "events",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("user_id", "number", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_created_at"), "events", ["created_at"])
    op.execute(RECORD_CHANGE)
    op.execute(RECORD_ITEMS)


def downgrade() -> None:
    op.execute("DROP TRIGGER record_change ON items")
    op.execute("DROP FUNCTION record_change")
    op.drop_table("events")
    op.drop_table("event_logs")
