#!/usr/bin/env bash
# Runs a command beside a real HTCondor with four cores and two (pretended) GPUs:
#   with-htcondor.sh COMMAND...
# Debian 12 has no HTCondor. It comes from Debian 13 in a root folder of its own (560 MB, made once in HTCONDOR_ROOT,
# default .htcondor), in which daemons and command see this checkout at the same path, and this machine's Node. The command
# runs as an ordinary user, since HTCondor takes no jobs of root; HEP_TEST_HTCONDOR=1 tells tests that there is one.
# Needs root, unshare (util-linux) and, for the first run, debootstrap. Exit code: that of the command; 2 when HTCondor
# does not start.
set -euo pipefail

readonly USER_NUMBER=1500
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
root=$(mkdir -p "${HTCONDOR_ROOT:-$repository/.htcondor}" && cd "${HTCONDOR_ROOT:-$repository/.htcondor}" && pwd)

make_root() {
  debootstrap --variant=minbase trixie "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # daemons are started by us
  chmod +x "$root/usr/sbin/policy-rc.d"
  chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -euc \
    'apt-get update -q; apt-get install -qy --no-install-recommends minicondor procps git'
  chroot "$root" useradd --create-home --uid "$USER_NUMBER" sci
  cat >"$root/etc/condor/config.d/50-test" <<'CONFIGURATION'
SCHEDD_INTERVAL = 2
SCHEDD_MIN_INTERVAL = 1
NEGOTIATOR_INTERVAL = 2
NEGOTIATOR_CYCLE_DELAY = 1
NEGOTIATOR_MIN_INTERVAL = 1
UPDATE_INTERVAL = 3
PERIODIC_EXPR_INTERVAL = 3
MAX_PERIODIC_EXPR_INTERVAL = 5
NUM_CPUS = 4
MEMORY = 4000
MACHINE_RESOURCE_GPUs = CUDA0 CUDA1
JOB_DEFAULT_REQUESTMEMORY = 100
CONFIGURATION
  touch "$root/made"
}

# Within a mount namespace and the root folder: starts the daemons, runs the command, stops them.
run_inside() {
  condor_master
  local tries
  for tries in {1..30}; do
    condor_status -autoformat Name 2>/dev/null | grep -q . && condor_q >/dev/null 2>&1 && break
    [[ $tries == 30 ]] && echo 'with-htcondor: the daemons did not start within 30 s' >&2 && exit 2
    sleep 1
  done
  local code=0
  # Jobs have a /tmp of their own.
  setpriv --reuid=sci --regid=sci --init-groups env HOME=/home/sci TMPDIR=/home/sci HEP_TEST_HTCONDOR=1 "$@" || code=$?
  condor_rm -all >/dev/null 2>&1 || true
  condor_off -master -fast >/dev/null 2>&1 || true
  for _ in {1..50}; do
    pgrep -x condor_master >/dev/null || break
    sleep 0.2
  done
  exit "$code"
}

if [[ ${1:-} == --inside ]]; then
  cd "$2"
  run_inside "${@:3}"
fi
[[ -e $root/made ]] || make_root >&2
export root repository
# Processes of their own, so that none outlives the command.
exec unshare --mount --pid --fork --kill-child bash -euc '
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount --rbind /sys "$root/sys"
  mount -t tmpfs tmpfs "$root/tmp"
  mkdir -p "$root$repository"
  mount --bind "$repository" "$root$repository"
  touch "$root/usr/bin/node"
  mount --bind "$(command -v node)" "$root/usr/bin/node"
  exec chroot "$root" bash "$repository/tools/htcondor-test/with-htcondor.sh" --inside "$@"
' bash "$PWD" "$@"
