from pathlib import Path

from app.adapters.supabase.operations import local_storage, require_storage
from app.adapters.supabase.settings import LayerSettings


def test_no_project_is_needed_yet(tmp_path: Path) -> None:
    require_storage(LayerSettings())
    with local_storage(LayerSettings(), tmp_path) as variables:
        assert variables == {}
