import pytest
from pydantic import MISSING

from app.errors import PreconditionRequiredError
from app.etags import etag_of, expected_versions, has_version


def test_a_version_is_a_strong_tag() -> None:
    assert etag_of(7) == '"7"'


@pytest.mark.parametrize("condition", ['"7"', 'W/"7"', '"6", "7"', '"6",,W/"7"', "*"])
def test_a_client_has_what_it_names(condition: str) -> None:
    assert has_version(condition, 7)


@pytest.mark.parametrize("condition", ['"6"', '"77"', '"a7"', '"6", "8"', '""'])
def test_a_client_does_not_have_what_it_does_not_name(condition: str) -> None:
    assert not has_version(condition, 7)


def test_a_client_that_names_nothing_has_nothing() -> None:
    assert not has_version(MISSING, 7)


@pytest.mark.parametrize(
    ("condition", "versions"),
    [
        ('"7"', {7}),
        ('"6", "7"', {6, 7}),
        ('"6",\t,"7"', {6, 7}),
        ('W/"7"', set()),
        ('W/"7", "8"', {8}),
        ('"seven", "07", "0", "-1", ""', set()),
        ('"999999999"', {999_999_999}),
        ('"1000000000"', set()),
        ('"W/", "7"', {7}),
        ("*", None),
    ],
)
async def test_a_client_writes_over_what_it_names(
    condition: str, versions: set[int] | None
) -> None:
    assert await expected_versions(condition) == versions


async def test_who_names_no_version_is_told_to() -> None:
    with pytest.raises(PreconditionRequiredError) as refused:
        await expected_versions(MISSING)
    assert refused.value.field == "header.If-Match"
