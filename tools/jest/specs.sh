#!/usr/bin/env bash
# Runs every spec of libraries and apps with this ending, beside whatever they need: specs.sh slurm.spec.ts
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

code=0
while read -r spec; do
  project=${spec%%/src/*}
  (cd "$project" && node --experimental-vm-modules --no-warnings ../../node_modules/jest/bin/jest.js -i "${spec#"$project"/}") </dev/null || code=1
done < <(find apps/*/src libs/*/src -name "*$1" | sort)
exit "$code"
