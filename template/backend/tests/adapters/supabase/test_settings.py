import base64
import json

import pytest
from pydantic import ValidationError

from app.adapters.supabase.settings import SCOPES, LayerSettings
from app.settings import Settings

URL, KEY = "https://shop.supabase.co", "sb_publishable_x"


def key_of_old(role: str) -> str:
    """Give a key of the older kind, which is a token."""
    parts = [{"alg": "HS256", "typ": "JWT"}, {"iss": "supabase", "role": role}]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join([*(part.rstrip("=") for part in encoded), "c2lnbmVk"])


@pytest.mark.parametrize("given", [{"SUPABASE_URL": URL}, {"SUPABASE_PUBLISHABLE_KEY": KEY}])
def test_the_address_and_the_key_come_together(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match="Set SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY"):
        Settings()


@pytest.mark.parametrize("key", ["sb_secret_x", key_of_old("service_role")])
def test_a_key_that_passes_every_policy_by_is_refused_and_not_repeated(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPABASE_URL", URL)
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", key)

    with pytest.raises(ValidationError, match="this one is secret") as refusal:
        Settings()
    assert key not in str(refusal.value)


@pytest.mark.parametrize("key", [KEY, key_of_old("anon")])
def test_a_key_for_anybody_is_taken(key: str) -> None:
    settings = LayerSettings(supabase_url=f"{URL}/", supabase_publishable_key=key)

    assert (settings.supabase_url, settings.supabase_publishable_key) == (URL, key)


@pytest.mark.parametrize("address", ["shop.supabase.co", "ftp://shop", "https://", f"{URL}/rest"])
def test_what_can_be_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="write it as https"):
        LayerSettings(supabase_url=address, supabase_publishable_key=KEY)


def test_a_hosted_project_issues_its_tokens_and_one_here_says_nothing() -> None:
    hosted = LayerSettings(supabase_url=URL, supabase_publishable_key=KEY)
    here = LayerSettings(supabase_url="http://127.0.0.1:54321", supabase_publishable_key=KEY)
    named = hosted.model_copy(update={"jwt_issuer": "https://auth.shop.example"})

    issuers = [settings.trust().issuer for settings in (hosted, here, named)]

    assert issuers == [f"{URL}/auth/v1", None, "https://auth.shop.example"]
    assert hosted.trust().audience == "authenticated"
    assert hosted.trust().scopes == SCOPES


def test_tokens_do_not_pass_through_plain_http_in_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", KEY)
    for address in (URL, "http://localhost:54321"):
        monkeypatch.setenv("SUPABASE_URL", address)
        Settings()
    monkeypatch.setenv("SUPABASE_URL", "http://shop.example")

    with pytest.raises(ValidationError, match="SUPABASE_URL is plain HTTP"):
        Settings()
