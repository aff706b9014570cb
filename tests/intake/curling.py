"""As much of curl as docs/api.md uses, for a machine that has none: what it does not know ends it."""

import argparse
import http.client
import sys
from urllib.parse import urlsplit


def main() -> None:
    """Send one request and print the answer with its head, as `curl --include` does."""
    known = argparse.ArgumentParser(allow_abbrev=False)
    known.add_argument("--include", action="store_true", required=True)
    known.add_argument("--request", default="GET")
    known.add_argument("--header", action="append", default=[])
    known.add_argument("--data")
    known.add_argument("address")
    given = known.parse_args()
    headers = dict(one.split(": ", 1) for one in given.header)
    data = sys.stdin.read().replace("\n", "") if given.data == "@-" else given.data
    where = urlsplit(given.address)
    connection = http.client.HTTPConnection(where.netloc, timeout=30)
    connection.request(given.request, where.path, data.encode() if data else None, headers)
    answer = connection.getresponse()
    print(f"HTTP/1.1 {answer.status} {answer.reason}")
    print(*(f"{name}: {value}" for name, value in answer.getheaders()), sep="\n")
    print(f"\n{answer.read().decode()}")
    connection.close()


main()
