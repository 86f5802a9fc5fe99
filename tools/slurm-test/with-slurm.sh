#!/usr/bin/env bash
# Runs a command beside a real Slurm of two nodes on this machine, each with 2 cores and one (pretended) GPU:
#   with-slurm.sh COMMAND...
# The daemons have their own key, ports and folder and are stopped when the command ends, whatever its end. The command
# finds Slurm through SLURM_CONF; HEP_TEST_SLURM=1 tells tests that jobs may be submitted there.
# Needs Debian's slurmctld, slurmd, slurm-client and munge. Exit code: that of the command; 2 when Slurm does not start.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch scontrol; do
  command -v "$program" >/dev/null || {
    echo "with-slurm: $program not found; install the packages slurmctld, slurmd, slurm-client and munge" >&2
    exit 2
  }
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/slurm-XXXXXX") # short: a socket's path may have 107 bytes
chmod 755 "$folder"
export SLURM_CONF=$folder/slurm.conf

daemons=()

# Sends a signal to every daemon that runs; succeeds while there is one.
signal_daemons() {
  local daemon found=1
  for daemon in "${daemons[@]}"; do
    kill -s "$1" "$daemon" 2>/dev/null && found=0
  done
  return "$found"
}

stop() {
  scancel --quiet --user="$user" 2>/dev/null || true
  for _ in {1..50}; do # a job that outlives the daemons would go on alone
    [[ -z $(squeue --noheader 2>/dev/null) ]] && break
    sleep 0.1
  done
  local file
  for file in "$folder"/*.pid; do
    [[ -s $file ]] && daemons+=("$(<"$file")")
  done
  signal_daemons TERM || true
  for _ in {1..50}; do
    signal_daemons 0 || break
    sleep 0.1
  done
  signal_daemons KILL || true
  rm -rf "$folder"
}
user=$(id -un)
host=$(hostname -s)
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$((20000 + $$ % 10000))
mkdir -p "$folder"/{state,n1,n2}
head -c 1024 /dev/urandom >"$folder/munge.key"
chmod 600 "$folder/munge.key"

cat >"$SLURM_CONF" <<CONFIGURATION
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
PlugStackConfig=/dev/null
GresTypes=gpu
ReturnToService=2
KillWait=2
SchedulerParameters=batch_sched_delay=1
MinJobAge=${SLURM_TEST_MINJOBAGE:-300}
SlurmctldPidFile=$folder/slurmctld.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmdLogFile=$folder/slurmd-%n.log
SlurmdSpoolDir=$folder/%n
StateSaveLocation=$folder/state
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + 2))] CPUs=2 RealMemory=2000 Gres=gpu:1 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=60 State=UP
CONFIGURATION
echo 'NodeName=n[1-2] Name=gpu File=/dev/null' >"$folder/gres.conf"

munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
  --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
slurmctld
slurmd -N n1
slurmd -N n2
for _ in {1..100}; do
  [[ $(sinfo --noheader --states=idle --format=%D 2>/dev/null) == 2 ]] && started=1 && break
  sleep 0.2
done
if [[ -z ${started:-} ]]; then
  tail -n 20 "$folder"/*.log >&2
  echo 'with-slurm: the nodes did not become idle within 20 s' >&2
  exit 2
fi

HEP_TEST_SLURM=1 "$@"
