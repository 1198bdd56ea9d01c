import pytest

from app.events.messages import message_of, opening
from app.events.ports import Event
from tests.events.fakes import ROW


def test_a_row_leaves_in_the_shape_of_its_routes() -> None:
    message = message_of(Event(7, "item", "updated", ROW)).decode()

    assert message.startswith('id: 7\nevent: item.updated\ndata: {"id":')
    assert message.endswith("}\n\n")
    assert "secret" not in message


def test_a_text_of_several_lines_stays_one_event() -> None:
    message = message_of(Event(7, "item", "updated", ROW.replace("Lamp", "a\\n\\nid: 9")))

    assert message.count(b"\n") == 4


@pytest.mark.parametrize("row", ["", "{}", ROW.replace("draft", "unheard of")])
def test_a_row_of_another_shape_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        message_of(Event(7, "item", "updated", row))


def test_clients_do_not_come_back_all_at_once() -> None:
    assert len({opening(7) for _ in range(20)}) > 1
    assert opening(7).endswith(b"\nid: 7\n\n")
