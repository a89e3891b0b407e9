"""核對存證，不必連線：python3 check_proof.py 存證.json [heads.txt] [公文或附件 …]。Python 3.9 以上，不用另外安裝。"""

import base64
import hashlib
import json
import sys
from pathlib import Path


def sha(value):
    form = {"sort_keys": True, "ensure_ascii": False, "separators": (",", ":"), "allow_nan": False}
    return hashlib.sha256(value if isinstance(value, bytes) else json.dumps(value, **form).encode()).hexdigest()


def faults(data, heads="", files=()):
    """Return what does not hold, each as one sentence; nothing if the proof holds."""
    proof = json.loads(data)
    entry, head, stamp = proof["entry"], proof["head"], proof["stamp"]
    node, way = sha(b"\x00" + bytes.fromhex(sha(entry))), "".join(proof["way"])
    index, last = entry["seq"] - head["first"], head["last"] - head["first"]
    for other in proof["way"]:  # RFC 9162, 2.1.3.2
        right = index % 2 or index == last
        node = sha(b"\x01" + bytes.fromhex(other + node if right else node + other))
        while right and index and not index % 2:
            index, last = index // 2, last // 2
        index, last = index // 2, last // 2
    line = f"{head['day']} {head['last']} {head['hash']} {proof['mark']}"
    said = str(entry["after"]) + str(proof["content"])
    checks = {
        "檔案的寫法不對": sha(proof) == sha(data) and len(proof) == 6 and bytes.fromhex(way).hex() == way,
        "內容和紀錄不符": proof["content"] is None or sha(proof["content"]) == entry["after"]["sha256"],
        "紀錄不在當天的封存裡": node == head["tree"] and not last,
        "當天的封存和存證值不符": sha(head) == proof["mark"],
        "時戳不完整": not stamp or (sha(stamp["token"].encode()) == stamp["sha256"] and len(stamp) == 2),
        "heads.txt 沒有這個存證值": not heads or line in heads.splitlines(),
    } | {f"存證裡沒有 {name}": sha(content) in said for name, content in files}
    return [wrong for wrong, holds in checks.items() if not holds]


if __name__ == "__main__":
    proof, *others = [(name, Path(name).read_bytes()) for name in sys.argv[1:]]
    heads = "".join(content.decode() for name, content in others if name.endswith(".txt"))
    found = faults(proof[1], heads, [other for other in others if not other[0].endswith(".txt")])
    known = json.loads(proof[1])
    if known["stamp"]:  # openssl ts -verify -data mark.txt -in mark.tsr -CAfile CERTIFICATES
        Path("mark.tsr").write_bytes(base64.b64decode(known["stamp"]["token"]))
        Path("mark.txt").write_text(known["mark"])
    sys.exit("\n".join(found) or print("存證成立", known["head"]["day"], known["mark"]))
