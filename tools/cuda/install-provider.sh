#!/usr/bin/env bash
# Puts ONNX Runtime's CUDA provider, which its npm package does not carry, beside its other libraries. It comes from the
# PyPI package onnxruntime-gpu of the same version (250 MB). Linux x64; needs node, pip for Python 3 and unzip.
# Usage: tools/cuda/install-provider.sh [FOLDER OF node_modules]
set -euo pipefail
modules=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/node_modules}

package=$modules/onnxruntime-node
version=$(node -p 'require(process.argv[1]).version' "$package/package.json")
libraries=$(dirname "$(find "$package/bin" -path '*/linux/x64/*' -name 'libonnxruntime.so*' | head -1)")

downloads=$(mktemp -d)
trap 'rm -rf "$downloads"' EXIT
python3 -m pip download --quiet --no-deps --only-binary=:all: --implementation cp --python-version 3.12 \
  --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --dest "$downloads" "onnxruntime-gpu==$version"
unzip -qoj "$downloads"/onnxruntime_gpu-*.whl '*/libonnxruntime_providers_cuda.so' '*/libonnxruntime_providers_shared.so' \
  -d "$libraries"

echo "CUDA provider of ONNX Runtime $version in $libraries"
missing=$(ldd "$libraries/libonnxruntime_providers_cuda.so" | awk '/not found/ { print $1 }' | sort -u | paste -sd ' ')
[[ -z $missing ]] || echo "not found here, needed to compute (CUDA, cuDNN, driver): $missing"
