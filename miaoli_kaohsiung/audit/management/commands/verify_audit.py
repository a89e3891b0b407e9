from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from miaoli_kaohsiung.audit import services
from miaoli_kaohsiung.audit.verify import Head, heads_in_file, verify


def _head(text: str) -> Head:
    seq, digest = text.split(":")
    return Head(int(seq), digest, text[:24])


class Command(BaseCommand):
    help = "Read the whole trail and name the first entry that was changed, removed, inserted, swapped or cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heads", type=Path, help="file of exported heads (default: the portal's own)")
        parser.add_argument(
            "--head", type=_head, action="append", default=[], metavar="SEQ:HASH", help="a head from paper or a notice"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            exported = heads_in_file(options["heads"] or services.heads_file())
        except ValueError as error:
            raise CommandError("匯出的封存值檔案讀不懂，請換一份。") from error
        report = verify([*exported, *options["head"]])
        if report.problem:
            raise CommandError(report.problem)
        self.stdout.write(f"稽核紀錄共 {report.entries} 筆，全部相連，未遭更動。")
