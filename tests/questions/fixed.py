"""The questions as other people's answers files and scripts know them."""

ASKED = (
    "project_name",
    "project_slug",
    "description",
    "license",
    "recipe",
    "stack",
    "data_layer",
    "app_path",
    "tests_path",
    "migrations_path",
    "contract_path",
    "frontend_path",
    "runner",
    "sse",
    "tdd",
    "change_policy",
    "docs_lookup",
    "agents_off",
)
VALUES = {
    "stack": ["fastapi", "existing"],
    "data_layer": ["sqlalchemy", "supabase"],
    "runner": ["uv", "poetry", "pip"],
    "tdd": ["strict", "critical", "on-request"],
    "change_policy": ["minimal", "balanced"],
    "docs_lookup": ["none", "context7", "ref"],
    "recipe": [
        "custom",
        "saas-contract-first",
        "studio",
        "minimal-change",
        "strict-tdd",
        "production",
    ],
}
DEFAULTS = {
    "stack": "fastapi",
    "data_layer": "sqlalchemy",
    "sse": True,
    "tdd": "critical",
    "change_policy": "balanced",
    "docs_lookup": "none",
    "agents_off": ["ui-ux-designer", "frontend-developer"],
}
ONLY_FOR_EXISTING = {name for name in ASKED if name.endswith("_path")} | {"runner"}
