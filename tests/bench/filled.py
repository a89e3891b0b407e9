"""Copy the cases of a portal's own database: python -m tests.bench.filled 100000 [--thin], in the environment of a portal with
the demonstration (tests.bench.fill). `--thin` leaves out trail, budgets and papers, which no list reads.
"""

import argparse
import os


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=int)
    parser.add_argument("--thin", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    import django

    django.setup()
    from tests.bench import fill

    fill.organisations()
    fill.cases(options.cases, thin=options.thin)
    fill.tidy()


if __name__ == "__main__":
    main()
