#!/usr/bin/python3
"""Seeds one bug after the other into the timeline or the schedule; the tests must catch each.

    check_mutants.py TEST_PROGRAM... HEADER_WITH_THE_LIST

Prints one line per bug with the tests that caught it. Without a bug the program must pass, or its
failures would prove nothing."""

import os
import re
import subprocess
import sys


def mutants(header):
    text = re.search(r"enum \{(\s*MUTANT_.*?)\}", open(header).read(), re.S).group(1)
    return [name for name in re.findall(r"MUTANT_(\w+)", text)]


def failures(program, number):
    """Names of failed tests; a crash counts under its own name."""
    environment = dict(os.environ, LOA_MUTANT=str(number), LOA_WORLDS=os.environ.get("LOA_WORLDS", "300"))
    run = subprocess.run([program, "--tap", "-k"], capture_output=True, text=True, env=environment, timeout=120)
    failed = re.findall(r"^not ok \d+ /\w+/(.*)$", run.stdout, re.M)
    if run.returncode != 0 and not failed:
        failed = [f"crash ({run.returncode})"]
    return failed


def main():
    *programs, header = sys.argv[1:]
    if any(failures(program, 0) for program in programs):
        sys.exit("the program fails without a seeded bug")
    escaped = 0
    for number, name in enumerate(mutants(header), 1):
        caught = [name for program in programs for name in failures(program, number)]
        escaped += not caught
        word = name.lower().replace("_", " ")
        print(f"{word}: " + (f"caught by {len(caught)}, first '{caught[0]}', last '{caught[-1]}'" if caught else "ESCAPED"))
    sys.exit(1 if escaped else 0)


main()
