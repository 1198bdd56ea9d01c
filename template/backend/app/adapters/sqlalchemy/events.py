"""The tables of events. A trigger of the database writes them, `adapters/postgres` reads them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.adapters.sqlalchemy.base import Base


class EventLogRow(Base):
    """A user's log: the number of its last event. Who adds one locks the row until it is there."""

    __tablename__ = "event_logs"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class EventRow(Base):
    """An event: what happened to which kind of thing, and the row as it is or last was."""

    __tablename__ = "events"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str]
    action: Mapped[str]
    # Of any shape: that of a row of any table.
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    __table_args__ = (Index(None, "created_at"),)
