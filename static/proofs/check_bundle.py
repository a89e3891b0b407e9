"""核對案件檔案包，不必連線：解開以後在那個資料夾執行 python3 check_bundle.py。Python 3.9 以上，不用另外安裝。
後面寫上稽核紀錄裡的核對碼，就一併比對。"""

import hashlib
import sys
from pathlib import Path

import check_proof

SUMS = "SHA256SUMS"


def sha_of(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for part in iter(lambda: file.read(1 << 16), b""):
            digest.update(part)
    return digest.hexdigest()


def faults(folder):
    """Return what does not hold, each as one sentence; nothing if the bundle is whole."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    known = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    there = {name for name in there if name != SUMS and "__pycache__" not in name}
    found = [f"少了 {name}" for name in sorted(known.keys() - there)]
    found += [f"多了 {name}" for name in sorted(there - known.keys())]
    found += [f"改過了 {name}" for name in sorted(known.keys() & there) if sha_of(folder / name) != known[name]]
    heads = (folder / "heads.txt").read_text(encoding="ascii", errors="replace") if "heads.txt" in there else ""
    for name in sorted(name for name in there if name.startswith("proofs/")):
        letter = f"letters/{Path(name).stem}.pdf"
        files = [(letter, (folder / letter).read_bytes())] if letter in there else []
        try:
            wrong = check_proof.faults((folder / name).read_bytes(), heads, files)
        except (ValueError, LookupError, TypeError):
            wrong = ["讀不懂"]
        found += [f"{name}：{one}" for one in wrong]
    return found


if __name__ == "__main__":
    folder = Path(__file__).resolve().parent
    wrong, code = faults(folder), sha_of(folder / SUMS)
    if sys.argv[1:] and code != sys.argv[1].lower():
        wrong.append(f"{SUMS} 不是下載時的那一份：核對碼是 {code}")
    print(
        "\n".join(wrong) or f"檔案包完整 {len((folder / SUMS).read_text('utf-8').splitlines())} 個檔案\n核對碼 {code}"
    )
    sys.exit(bool(wrong))
