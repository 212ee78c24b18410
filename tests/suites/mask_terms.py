#!/usr/bin/env python3
"""Words that name nobody, as they stand in notes: how many are masked, and in how many lines.

usage: mask_terms.py lines LIST                    lines for `tsunagi mask`, of one list of mask_terms.txt, or of standard input (-)
       mask_terms.py count LINES ANSWERS           terms, masked in any line, lines that are masked
"""
import json
import os
import sys

FRAMES = ("{}", "・{}", "{}について説明した。", "本人は{}があり、様子を見る。", "{}：あり", "母から{}の話が出た。",
          "{}の件で電話。", "今後は{}を検討。", "{}、申請")


def terms(name):
    if name == "-":
        return sys.stdin.read().split()
    found, here = [], False
    with open(os.path.join(os.path.dirname(__file__), "mask_terms.txt"), encoding="utf-8") as f:
        for line in f:
            if line.startswith("="):
                here = line[1:].strip() == name
            elif here and not line.startswith("#"):
                found += line.split()
    return found


def lines(name):
    for i, term in enumerate(terms(name)):
        for k, frame in enumerate(FRAMES):
            print(json.dumps({"id": f"{i}.{k}", "text": frame.format(term)}, ensure_ascii=False))


def count(asked, answered):
    every, masked, hits = set(), set(), 0
    with open(asked, encoding="utf-8") as f, open(answered, encoding="utf-8") as g:
        for a, b in zip(f, g, strict=True):
            one, got = json.loads(a), json.loads(b)
            assert one["id"] == got["id"]
            term = one["id"].split(".")[0]
            every.add(term)
            if any(e["type"] not in ("ORG", "PLACE") for e in got["entities"]):
                masked.add(term)
                hits += 1
    print(len(every), len(masked), hits)


if __name__ == "__main__":
    {"lines": lines, "count": count}[sys.argv[1]](*sys.argv[2:])
