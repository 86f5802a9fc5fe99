"""The peer's side of the protocol: says when it is ready, works when told to, reports, and tells its peak memory."""

import json
import resource
import sys
import time

SPEC = json.loads(sys.argv[1])


def _say(**message):
    print(json.dumps(message), flush=True)


def _cpu_seconds():
    """Of this process, and of children that ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak_rss_mib():
    """ru_maxrss of a child counts the parent's memory too, so the address space's own mark goes first."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except OSError:
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


class Lockstep:
    """`begin` and `end` enclose what is measured; `finish` after the last run."""

    def __init__(self, engine):
        self._began = (0.0, 0.0)
        _say(engine=engine)

    def begin(self):
        if not sys.stdin.readline():
            sys.exit(0)
        self._began = (time.perf_counter(), _cpu_seconds())

    def end(self, result):
        wall, cpu = time.perf_counter(), _cpu_seconds()
        began_wall, began_cpu = self._began
        _say(wallMs=1e3 * (wall - began_wall), cpuMs=1e3 * (cpu - began_cpu), result=float(result))

    def finish(self):
        _say(peakRssMiB=_peak_rss_mib())


def measure(engine, work):
    """Measures `work()`, which returns a number."""
    lockstep = Lockstep(engine)
    for _ in range(SPEC["rounds"]):
        lockstep.begin()
        lockstep.end(work())
    lockstep.finish()
