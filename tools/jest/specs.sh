#!/usr/bin/env bash
# Runs every `slurm.spec.ts` beside the Slurm that with-slurm.sh started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

code=0
while read -r spec; do
  project=${spec%%/src/*}
  (cd "$project" && node --experimental-vm-modules --no-warnings ../../node_modules/jest/bin/jest.js -i "${spec#"$project"/}") </dev/null || code=1
done < <(git ls-files 'libs/*slurm.spec.ts' 'apps/*slurm.spec.ts')
exit "$code"
