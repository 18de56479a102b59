#!/bin/sh
# Install missing Debian packages where we may, and otherwise name the one line that does.
#   system.sh venv    what an environment needs
#   system.sh tests   what the tests use beyond Python
set -eu

missing=""
want() { # want <command> <package>
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

case "${1:-}" in
    venv) "${PYTHON:-python3}" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || missing=" python3-venv" ;;
    tests)
        command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium"
        want hledger hledger
        want belenios-tool belenios-tool
        want java default-jre-headless
        want npm npm
        ;;
    postgresql) want pg_dump postgresql-client; [ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || missing="$missing postgresql" ;;
    *) echo "usage: system.sh venv|tests|postgresql" >&2; exit 2 ;;
esac
[ -n "$missing" ] || exit 0

get() { $sudo apt-get -qq install -y --no-install-recommends "$@" >/dev/null 2>&1; }
line="apt-get install -y --no-install-recommends$missing"
if command -v apt-get >/dev/null 2>&1; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo -n"
    if [ -z "$sudo" ] || $sudo true 2>/dev/null; then
        echo "Installing$missing …"
        export DEBIAN_FRONTEND=noninteractive
        # shellcheck disable=SC2086
        get $missing || { $sudo apt-get -qq update >/dev/null 2>&1; get $missing; } && exit 0
        # One that this system does not know keeps nobody from the others.
        left=""
        for package in $missing; do get "$package" || left="$left $package"; done
        [ -n "$left" ] || exit 0
        missing="$left" line="apt-get install -y --no-install-recommends$left"
    fi
    echo "Missing:$missing. This line installs it:" >&2
    echo "    sudo $line" >&2
else
    echo "Missing (as Debian names it):$missing." >&2
fi
# Without venv nothing goes on; without the tools of some tests the others still run.
[ "$1" = tests ] || exit 1
