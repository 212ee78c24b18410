#!/usr/bin/env python3
"""STREAMS open streams of events and RATE requests a second for SECONDS; one request in ten writes and pushes."""
import asyncio
import json
import sys
import time

name, url, pid = sys.argv[1:4]
seconds, streams, rate = (int(x) for x in sys.argv[4:7])
csrf = open(sys.argv[7]).read().strip()
host, port = url.removeprefix("http://").split(":")


def cookie(path):
    for line in open(path):
        piece = line.strip().split("\t")
        if len(piece) == 7:
            return f"{piece[5]}={piece[6]}"
    raise SystemExit(f"no cookie in {path}")


cookies = [cookie(p) for p in sys.argv[8:]]
took, bad, events = [], [], [0]


def memory():
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


async def listen(i, ready):
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET /v1/events HTTP/1.1\r\nHost: x\r\nCookie: {cookies[i // 20]}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head:
        bad.append(head.split(b"\r\n")[0])
        ready.release()
        return
    ready.release()
    try:
        while line := await reader.readline():
            events[0] += line.startswith(b"event: notes.new")
    except (asyncio.CancelledError, ConnectionError):
        writer.close()


async def ask(queue):
    """One connection that is kept."""
    reader, writer = await asyncio.open_connection(host, port)
    while (job := await queue.get()) is not None:
        due, write = job
        body = json.dumps({"text": "x", "to": list(range(1, 40))}) if write else ""
        line = "POST /v1/notes/notes" if write else "GET /v1/notes/notes/1"
        writer.write((f"{line} HTTP/1.1\r\nHost: x\r\nCookie: {cookies[0]}\r\nX-CSRF-Token: {csrf}\r\n"
                      + (f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if write else "")
                      + "\r\n" + body).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        size = [h for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")]
        await reader.readexactly(int(size[0].split(b":")[1]) if size else 0)
        took.append(time.monotonic() - due)  # from when it was due: waiting counts
        if not head.startswith(b"HTTP/1.1 2"):
            bad.append(head.split(b"\r\n")[0])
    writer.close()


async def main():
    before = memory()
    ready = asyncio.Semaphore(0)
    listeners = [asyncio.create_task(listen(i, ready)) for i in range(streams)]
    for _ in listeners:
        await ready.acquire()
    opened = memory()
    queue = asyncio.Queue()
    askers = [asyncio.create_task(ask(queue)) for _ in range(32)]
    queue.put_nowait((time.monotonic(), True))
    begin = time.monotonic()
    for i in range(seconds * rate):
        due = begin + i / rate
        await asyncio.sleep(max(0, due - time.monotonic()))
        queue.put_nowait((due, i % 10 == 0))
        if i == seconds * rate // 2:
            half = memory()
    for _ in askers:
        queue.put_nowait(None)
    await asyncio.gather(*askers)
    end = memory()
    for task in listeners:
        task.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)
    took.sort()
    at = lambda q: took[min(len(took) - 1, int(len(took) * q))] * 1000
    print(f"{name}: {len(took)} requests in {time.monotonic() - begin:.0f} s, p50 {at(.5):.1f} ms, p99 {at(.99):.1f} ms, "
          f"most {took[-1] * 1000:.0f} ms, {len(bad)} not well; {streams} streams, {events[0]} events; memory of the web process "
          f"{before} KiB, {opened} with all streams, {half} half way, {end} at the end")
    for what in sorted(set(bad))[:5]:
        print(" ", what.decode(errors="replace"))
    return 1 if bad or end > half * 1.1 + 4096 else 0

sys.exit(asyncio.run(main()))
