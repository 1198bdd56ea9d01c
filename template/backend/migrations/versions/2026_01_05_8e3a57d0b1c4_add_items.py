"""Add items.

Revision 8e3a57d0b1c4, after 4b1f6d2c9a70, of 2026-01-05.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "8e3a57d0b1c4"
down_revision: str | Sequence[str] | None = "4b1f6d2c9a70"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A type of its own in Postgres: the table makes it, and does not take it along when it goes.
item_status = sa.Enum("draft", "active", "archived", name="item_status")


def upgrade() -> None:
    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", item_status, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name=op.f("fk_items_owner_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_items_owner_id_name")),
        sa.UniqueConstraint(
            "owner_id", "idempotency_key", name=op.f("uq_items_owner_id_idempotency_key")
        ),
    )
    op.create_index(
        op.f("ix_items_owner_id_created_at_id"), "items", ["owner_id", "created_at", "id"]
    )
    op.create_index(
        op.f("ix_items_owner_id_updated_at_id"), "items", ["owner_id", "updated_at", "id"]
    )


def downgrade() -> None:
    op.drop_table("items")
    item_status.drop(op.get_bind())
