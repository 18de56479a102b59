#!/bin/sh
# Print the address of a PostgreSQL for the tests: the one on the standard port, or one of our own, installed if need be.
set -eu
cd "$(dirname "$0")/.."
works() {
    .venv/bin/python - "$1" <<'PY' 2>/dev/null
import sys
import psycopg
psycopg.connect(sys.argv[1], connect_timeout=3).close()
PY
}
given="${TOADLANE_DATABASE_URL:-postgresql://postgres@127.0.0.1:5432/postgres}"
if works "$given"; then
    echo "$given"
    exit 0
fi
sh tools/system.sh postgresql >&2
programs="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
folder="${TMPDIR:-/tmp}/toadlane-postgresql"
port=54329
as=""
mkdir -p "$folder"
# PostgreSQL does not run as root.
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as="runuser -u postgres --"
fi
own="postgresql://postgres@127.0.0.1:$port/postgres"
if ! works "$own"; then
    [ -f "$folder/PG_VERSION" ] || $as "$programs/initdb" --pgdata="$folder" --username=postgres --auth=trust >&2
    $as "$programs/pg_ctl" --pgdata="$folder" --log="$folder/log" --wait \
        --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >&2
fi
works "$own" || { echo "PostgreSQL does not answer on $own" >&2; exit 1; }
echo "$own"
