#!/usr/bin/env bash
# Puts an app and the packages that it needs at run time, and nothing else, into a folder of an image.
# Usage, in the workspace: tools/docker/assemble.sh APP FOLDER
set -euo pipefail
app=$1
target=$2
[[ -f apps/$app/src/main.ts ]] || {
  printf 'APP "%s": no such app, expected one of %s\n' "$app" "$(ls apps | paste -sd ' ')" >&2
  exit 2
}

npm ci --no-audit --no-fund
node tools/build/build.js "apps/$app"
mkdir -p "$target"
cp "apps/$app"/dist/*.js "$target"
printf '{ "type": "module" }\n' >"$target/package.json"

# The libraries of the workspace are in the bundle already.
npm ci --no-audit --no-fund --omit=dev --workspace="apps/$app"
rm -rf node_modules/@hep node_modules/.bin
find node_modules -maxdepth 1 -type l -delete
cp -r node_modules "$target"

# ONNX Runtime's package holds the libraries of five platforms.
platform=$(node -p 'process.platform + "/" + process.arch')
find "$target"/node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
  -not -path "*/$platform" -exec rm -r {} +
