"""Run tests in a forked process a mutant: what `mutate_parameters` and `mutate_code` share."""

import gc
import os
import signal

# Of the processor, so that a busy machine ends none too early.
SECONDS_A_MUTANT = 60


def run(mutants, items_of, tell=lambda name, noticed, place: None, processes=2):
    """The names of the mutants that a test notices.

    `mutants` are (name, change) pairs, `items_of(name)` the collected tests to put to one. The change is made in the
    forked process alone; a mutant that makes a test run on for ever is ended by a timer, and so noticed. `tell` hears
    of each mutant that is done, with the place in its list of the test that noticed it (None: no test could say).
    """
    gc.freeze()  # what is shared with the forked processes is then not copied for the collector's marks
    waiting, running, seen = list(reversed(mutants)), {}, set()
    while waiting or running:
        while waiting and len(running) < processes:
            name, change = waiting.pop()
            items = items_of(name)
            reading, writing = os.pipe()
            child = os.fork()
            if not child:
                os._exit(in_child(change, items, writing))
            os.close(writing)
            running[child] = name, reading
        child, status = os.wait()
        name, reading = running.pop(child)
        place = os.read(reading, 16)
        os.close(reading)
        if status:
            seen.add(name)
        tell(name, bool(status), int(place) if place else None)
    return seen


def in_child(change, items, writing):
    from _pytest.runner import runtestprotocol

    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_A_MUTANT)
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        change()
        for place, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                os.write(writing, str(place).encode())
                return 1
    except BaseException:  # noqa: BLE001  whatever goes wrong on a mutant has been noticed
        return 1
    return 0
