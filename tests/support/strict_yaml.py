"""YAML as strictly as the strictest client reads it: a key twice in one mapping is refused."""

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader as Base
else:
    Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

YAMLError = yaml.YAMLError


class Loader(Base):
    """Safe, in C where that is there, and not silent about duplicates."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Looks at the keys as they are written, before merge keys add theirs."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            message = f"twice in one mapping: {', '.join(twice)}"
            raise yaml.constructor.ConstructorError(None, None, message, node.start_mark)
        super().flatten_mapping(node)


def load(text: str) -> object:
    """The one document in a text. Raises YAMLError."""
    return yaml.load(text, Loader=Loader)  # noqa: S506 - it derives from the safe loader
