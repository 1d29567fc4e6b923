#!/usr/bin/env bash
# Installs the card renderer and the schema validator into artifacts/npm, as the lock file names it. Nothing of it is shipped, and none of its scripts runs.
set -euo pipefail
cd "$(dirname "$0")"
folder=../../../artifacts/npm
if [[ -d $folder/node_modules ]] && cmp -s package-lock.json "$folder/package-lock.json"; then exit 0; fi
mkdir -p "$folder"
cp package.json package-lock.json "$folder/"
if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error; then
    # Half of it would look like all of it.
    rm -rf "$folder"
    exit 1
fi
