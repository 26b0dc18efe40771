#!/usr/bin/env python3
"""Picks random AWS SDK calls, so that people can check their permissions in facts/sdk/.

    python tools/sdk_permission_sample.py [--seed 12] [--count 150]

docs/sdk-permissions.md has the verdicts. The same seed picks the same calls, as long as no operation is added.
"""

import argparse
import random

from sdk_iam_check import calls


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=12)
    arguments.add_argument("--count", type=int, default=150)
    options = arguments.parse_args()
    known = sorted(calls())
    for service, name, needs in sorted(random.Random(options.seed).sample(known, options.count)):
        print(f"{service}:{name}")
        for need in needs:
            print(f"  {need}")


if __name__ == "__main__":
    main()
