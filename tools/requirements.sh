#!/bin/sh
# Pin what pyproject.toml asks for: with hashes, for every Python we serve, and with no index address in the files.
set -eu
compile() {
    "$1/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
        pyproject.toml ${3:-} ${4:-} -o "$2"
}
compile "$1" requirements.txt
compile "$1" requirements-dev.txt --extra dev
