"""HTCondor's own parsers read our submit files and the logs of events that our tests are about."""

import htcondor2
from checks import Checks, manifest, require

# Numbers of events in HTCondor's log.
TERMINATED, ABORTED = 5, 9


def check_submit_file(case):
    with open(case["path"], encoding="utf-8") as file:
        submit = htcondor2.Submit(file.read())
    items = [dict(item) for item in submit.itemdata()]
    require([int(item["index"]) for item in items] == case["indices"], f"jobs of {items}")
    for item in items:
        submit["index"] = item["index"]
        require(submit.expand("arguments") == item["index"], f"arguments {submit.expand('arguments')}")
        require(submit.expand("error") == f"logs/{item['index']}.err", f"error {submit.expand('error')}")
    for key, expected in case["commands"].items():
        require(submit.expand(key) == expected, f"{key} is {submit.expand(key)}, expected {expected}")
    return f"{len(items)} jobs"


def end_of(event):
    if event.type == ABORTED:
        return "lost"
    if not event["TerminatedNormally"]:
        return 128 + event["TerminatedBySignal"]
    return event["ReturnValue"]


def check_event_log(case):
    ends = {}
    for event in htcondor2.JobEventLog(case["path"]).events(stop_after=0):
        if event.type in (TERMINATED, ABORTED):
            ends[str(event.proc)] = end_of(event)
    require(ends == case["ends"], f"HTCondor reads {ends}, we {case['ends']}")
    return f"{len(ends)} ends"


checks = Checks()
for case in manifest()["submitFiles"]:
    checks.run(f"submit file {case['name']}", check_submit_file, case)
for case in manifest()["eventLogs"]:
    checks.run(f"log of events {case['name']}", check_event_log, case)
checks.exit()
