#!/bin/sh
# Everything that can be said about the code without running the tests. All of it is said, then it fails.
bin="${1:-.venv/bin}"
failed=""
say() {
    echo "== $1"
    shift
    "$@" || failed="$failed\n  $*"
}
say "ruff" "$bin/ruff" check .
say "ruff format" "$bin/ruff" format --check .
say "mypy" "$bin/mypy"
say "import contracts" env PYTHONPATH=. "$bin/lint-imports" --no-cache
say "migrations" "$bin/python" -m toadlane.config.cli makemigrations --check --dry-run
say "Django's checks" "$bin/python" -m toadlane.config.cli check
say "templates" "$bin/python" tools/templates.py
say "translations" "$bin/python" tools/translations.py check
[ -z "$failed" ] || { printf "Not in order:$failed\n"; exit 1; }
echo "All in order."
