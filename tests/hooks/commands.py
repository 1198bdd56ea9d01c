"""Shell commands by grammar: calls that write a path, spelled and wrapped in every way."""

import shlex
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

# What writes a path `{}`. Each takes a file that may or may not be there.
WRITING = (
    "echo x > {}",
    "echo x >> {}",
    "echo x >| {}",
    "echo x &> {}",
    "echo x 2>{} 1>&2",
    ": > {}",
    "cat <<E > {}\nx\nE",
    "cat > {} <<'E'\n> {{\nE",
    "tee {} <<< x",
    "echo x | tee -a -- {}",
    "cp backend/b {}",
    "cp -f -- backend/b {}",
    "mv backend/b {}",
    "rm -f {}",
    "rm -f -- backend/b {}",
    "touch {}",
    "truncate -s 1 {}",
    "dd if=/dev/null of={} status=none",
    "ln -sf nowhere {}",
    "install -m 600 backend/b {}",
    "sed -i.bak s/a/z/ {}",
    "sed -n 's/a/z/w '{} backend/b",
    "sort -o {} backend/b",
    "find {} -delete",
    "find {} -exec rm {{}} \\;",
    "perl -pi -e s/a/z/ {}",
    "git rm -qf {}",
)

# What runs a command `{}` that stands on lines of its own.
WRAPPING = (
    "({}\n)",
    "{{ {}\n}}",
    "if true; then {}\nfi",
    "for i in 1; do {}\ndone",
    "while true; do {}\nbreak; done",
    "true && {}",
    "false || {}",
    "! {}",
    "echo $({}\n)",
    'echo "$({}\n)"',
    "cat <({}\n)",
    "true; {}",
    "# it's\n{}",
    "echo 'a' \"b\" | {}",
    "[[ a < b ]] && {}",
    "((1 > 0)); {}",
    "echo $((1 << 2)) & {}",
    "true\\\n; {}",
    "X=1 Y='a b'; {}",
    "cat <<E >/dev/null; true\nE\n{}",
    'cat <<E\n"$(true)"\nE\n{}',
)
# What runs it in another folder, or may.
MOVING = (
    "cd backend; cd ..; {}",
    "cd docs && {}",
    "cd docs; {}",
    "cd -P backend/link; {}",
    "cd backend/link/..; {}",
    "cd backend/deep; cd ../../docs; {}",
    "cd docs | {}",
    "cd docs & {}",
    "false && cd backend; {}",
    "true || cd docs; {}",
    "cd nowhere 2>/dev/null; {}",
    "cd nowhere || cd docs; {}",
    "if false; then cd backend; fi; {}",
    "cd backend; cd - >/dev/null; {}",
    "pushd docs; {}",
    "D=docs; cd $D; {}",
    "cd $PWD/docs; {}",
    'cd "$(pwd)/docs"; {}',
    "(cd backend); {}",
    "cd docs; (cd ../backend; {}\n)",
    "command cd docs; {}",
    "mkdir -p backend/made && cd backend/made; {}",
    "X=a; cd docs; echo x > $X; {}",
)
# The same for what takes the command as a quoted word.
QUOTING = (
    "sh -c {}",
    "bash -ec {}",
    "eval {}",
    "trap {} EXIT",
    "env X=1 sh -c {}",
    "timeout 5 bash -c {}",
    "nohup sh -c {}",
    "bash <<< {}",
)


def letters(name: str) -> st.SearchStrategy[str]:
    """A name as the shell may be told it: each letter bare, escaped or in some quotes."""
    ways: Sequence[Callable[[str], str]] = (
        str,
        lambda letter: f"\\{letter}",
        lambda letter: f"'{letter}'",
        lambda letter: f'"{letter}"',
        lambda letter: f"$'{letter}'",
        lambda letter: f"''{letter}",
    )
    chosen = st.lists(st.sampled_from(ways), min_size=len(name), max_size=len(name))
    return chosen.map(lambda by: "".join(way(it) for way, it in zip(by, name, strict=True)))


def spelled(paths: Sequence[str]) -> st.SearchStrategy[str]:
    """One of the paths, plain half of the time."""
    path = st.sampled_from(paths)
    return path | path.flatmap(letters)


def wrapped(
    inner: st.SearchStrategy[str], wrappings: Sequence[str] = WRAPPING
) -> st.SearchStrategy[str]:
    plain = st.tuples(st.sampled_from(wrappings), inner).map(lambda it: it[0].format(it[1]))
    quoted = st.tuples(st.sampled_from(QUOTING), inner).map(
        lambda it: it[0].format(shlex.quote(it[1]))
    )
    return plain | plain | quoted


def commands(paths: Sequence[str], wrappings: Sequence[str] = WRAPPING) -> st.SearchStrategy[str]:
    """Commands that write one of the paths, up to three wrappers deep."""
    pairs = st.tuples(st.sampled_from(WRITING), spelled(paths))
    simple = pairs.map(lambda it: it[0].format(it[1]))
    once = simple | wrapped(simple, wrappings)
    return once | wrapped(once, wrappings) | wrapped(wrapped(once, wrappings), wrappings)
