import pytest
from pydantic import MISSING, ValidationError

from app.idempotency import fingerprint_of
from app.shapes import InputShape, UpdateShape, given


class LampCreate(InputShape):
    name: str
    watts: int = 40


class LampUpdate(UpdateShape):
    name: str | MISSING = MISSING
    watts: int | MISSING = MISSING


def test_an_update_gives_only_what_was_sent() -> None:
    assert LampUpdate(watts=60).model_dump() == {"watts": 60}


@pytest.mark.parametrize("sent", [{}, {"name": None}, {"nmae": "A"}, {"name": "A", "id": 1}])
def test_an_update_refuses_nothing_null_and_unknown_fields(sent: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LampUpdate.model_validate(sent)


def test_what_is_left_out_is_none_and_what_is_sent_is_itself() -> None:
    assert given(LampUpdate(watts=60).name) is None
    assert given(LampUpdate(watts=0).watts) == 0


def test_two_bodies_that_mean_the_same_have_one_fingerprint() -> None:
    short = LampCreate.model_validate_json('{"name":"Lamp"}')
    long = LampCreate.model_validate_json('{"watts": 40, "name": "L\\u0061mp"}')

    assert fingerprint_of(short) == fingerprint_of(long)
    assert fingerprint_of(short) != fingerprint_of(LampCreate(name="Lamp", watts=41))
