from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, MetaData, create_engine
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import CreateTable

from app.adapters.sqlalchemy.base import Base


class Throwaway(Base):
    """A parent of its own, so that the models below stay out of the migrations."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)


class Owner(Throwaway):
    __tablename__ = "owners"
    id: Mapped[UUID] = mapped_column(primary_key=True)


class Thing(Throwaway):
    __tablename__ = "things"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("owners.id"), index=True)
    name: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


def test_constraints_are_named_and_times_have_a_zone() -> None:
    table = Throwaway.metadata.tables["things"]
    ddl = str(CreateTable(table).compile(create_engine("postgresql+asyncpg://")))

    assert "made_at TIMESTAMP WITH TIME ZONE NOT NULL" in ddl
    assert "owner_id UUID NOT NULL" in ddl
    assert "CONSTRAINT pk_things PRIMARY KEY (id)" in ddl
    assert "CONSTRAINT uq_things_name UNIQUE (name)" in ddl
    assert "CONSTRAINT fk_things_owner_id_owners FOREIGN KEY(owner_id) REFERENCES owners" in ddl
    assert [index.name for index in table.indexes] == ["ix_things_owner_id"]
