#!/usr/bin/env python3
"""Verifies a copy of the archive of the Posture log, by the format that docs/audit.md describes ("The format of the archive").

It shares no code with the remediator. It needs Python 3.9 and the package `cryptography`:

    aws s3 sync s3://<bucket> ./copy
    python3 verify_log.py ./copy --key <fingerprint> --head <hash>

Exit codes: 0 proven or consistent, 1 error, 2 something is missing, altered, reordered or added.
"""

import argparse
import base64
import binascii
import hashlib
import json
import pathlib
import re
import sys

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Number(str):
    """A number as it is written: canonical JSON has one way to write each."""


class Found(list):
    """What is not as it was written."""

    def add(self, code, text, trail=None, sequence=None, batch=None, seal=None):
        self.append({"code": code, "text": text, "trail": trail, "sequence": sequence, "batch": batch, "seal": seal})


# Canonical JSON (RFC 8785) and hashes


def no_duplicates(pairs):
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("two members have the same name")
    return dict(pairs)


def no_constant(name):
    raise ValueError(f"{name} is not JSON")


def parse(text):
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=no_constant, object_pairs_hook=no_duplicates)


def canonical(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(json.dumps(name, ensure_ascii=False) + ":" + canonical(value[name]) for name in names) + "}"


def parse_canonical(content):
    """The value of canonical JSON in UTF-8; None if it is not."""
    try:
        text = content.decode("utf-8")
        value = parse(text)
        return value if canonical(value) == text else None
    except (ValueError, RecursionError):
        return None


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def tree_root(leaves):
    """The Merkle tree hash of RFC 6962."""
    if not leaves:
        return sha256()
    level = [sha256(b"\x00", leaf) for leaf in leaves]
    # A node without a sibling moves up as it is: the tree is the one that splits at powers of two.
    while len(level) > 1:
        pairs = [sha256(b"\x01", level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def integer(value):
    return int(value) if isinstance(value, Number) and re.fullmatch(r"-?(0|[1-9][0-9]{0,15})", value) else None


# The copy


class Copy:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        if not self.folder.is_dir():
            raise SystemExit(f"The folder {folder} does not exist. Copy the bucket into it: aws s3 sync s3://<bucket> {folder}")
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())
        self.keys = sorted(found)

    def below(self, prefix):
        return [key for key in self.keys if key.startswith(prefix)]

    def read(self, key):
        path = self.folder / key
        return path.read_bytes() if path.is_file() else None


def batch_number(key):
    match = re.fullmatch(r"log/day=[0-9]{4}-[0-9]{2}-[0-9]{2}/([0-9]{12})\.jsonl", key)
    return int(match.group(1)) if match and int(match.group(1)) > 0 else None


def seal_number(key):
    match = re.fullmatch(r"seals/([0-9]{12})\.json", key)
    return int(match.group(1)) if match and int(match.group(1)) > 0 else None


def public_key(copy, fingerprint):
    content = copy.read(f"keys/{fingerprint}.pem")
    try:
        key = serialization.load_pem_public_key(content or b"")
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return key if isinstance(key, ec.EllipticCurvePublicKey) and hashlib.sha256(der).hexdigest() == fingerprint else None
    except (ValueError, UnsupportedAlgorithm):
        return None


# The seals


def is_hash(value):
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None


def is_text(value):
    return isinstance(value, str) and not isinstance(value, Number)


SEAL_MEMBERS = {"version", "number", "time", "previous", "table", "from", "to", "batches", "root", "trails", "last", "key"}


def read_seal(content, number):
    """The seal of an object, or None if it does not have the form of one."""
    outer = parse_canonical(content)
    if not isinstance(outer, dict) or set(outer) != {"seal", "algorithm", "signature"} or outer["algorithm"] != "ECDSA_SHA_256":
        return None
    seal = outer["seal"]
    if not isinstance(seal, dict) or set(seal) - {"nextKey"} != SEAL_MEMBERS or seal["version"] != "1":
        return None
    if not all(is_hash(seal[name]) for name in ("root", "key")) or not (seal["previous"] == "" or is_hash(seal["previous"])):
        return None
    if not all(is_text(seal[name]) for name in ("time", "table", "last")):
        return None
    if any(integer(seal[name]) is None for name in ("number", "from", "to")) or integer(seal["number"]) != number:
        return None
    try:
        signature = base64.b64decode(outer["signature"], validate=True)
        batches = [
            {"number": integer(one["number"]), "key": one["key"], "lines": integer(one["lines"]), "root": one["root"]} for one in seal["batches"]
        ]
        trails = {one["trail"]: (integer(one["length"]), one["head"]) for one in seal["trails"]}
        next_key = seal["nextKey"]["key"] if "nextKey" in seal else None
    except (TypeError, KeyError, ValueError, binascii.Error):
        return None
    if not all(is_hash(one["root"]) and is_text(one["key"]) and one["number"] and one["lines"] for one in batches):
        return None
    if not all(is_text(trail) and length and is_text(head) for trail, (length, head) in trails.items()):
        return None
    return {
        "number": number,
        "hash": hashlib.sha256(content).hexdigest(),
        "signed": canonical(seal).encode("utf-8"),
        "signature": signature,
        "time": seal["time"],
        "previous": seal["previous"],
        "table": seal["table"],
        "from": int(seal["from"]),
        "to": int(seal["to"]),
        "batches": batches,
        "root": seal["root"],
        "trails": trails,
        "last": seal["last"],
        "key": seal["key"],
        "next": next_key,
    }


def check_signature(seal, copy, found, keys):
    fingerprint = seal["key"]
    if fingerprint not in keys:
        keys[fingerprint] = public_key(copy, fingerprint)
    if keys[fingerprint] is None:
        found.add("key-missing", f"The copy does not have the public key {fingerprint} of seal {seal['number']}.", seal=seal["number"])
        return False
    try:
        keys[fingerprint].verify(seal["signature"], seal["signed"], ec.ECDSA(hashes.SHA256()))
        return True
    except InvalidSignature:
        found.add("seal-altered", f"Seal {seal['number']} does not have the signature of its key.", seal=seal["number"])
        return False


def check_seal(seal, before, is_next, found):
    number = seal["number"]
    numbers = [one["number"] for one in seal["batches"]]
    roots = [bytes.fromhex(one["root"]) for one in seal["batches"]]
    counted = numbers == list(range(seal["from"], seal["to"] + 1)) and all(batch_number(one["key"]) == one["number"] for one in seal["batches"])
    if not counted or tree_root(roots).hex() != seal["root"] or (numbers and seal["batches"][-1]["key"] != seal["last"]):
        found.add("seal-altered", f"Seal {number} contradicts itself.", seal=number)
    if not is_next:
        return
    if seal["previous"] != (before["hash"] if before else ""):
        found.add("seal-replaced", f"Seal {number - 1} is not the one that seal {number} continues.", seal=number - 1)
    if before is None:
        if seal["from"] != 1:
            found.add("seal-replaced", "Seal 1 does not begin with batch 1.", seal=number)
        return
    same = seal["from"] == before["to"] + 1 and seal["time"] >= before["time"] and seal["table"] == before["table"]
    if not same or (not numbers and seal["last"] != before["last"]):
        found.add("seal-replaced", f"Seal {number} does not go on where seal {number - 1} ends.", seal=number)
    if seal["key"] != (before["next"] or before["key"]):
        found.add("key-changed", f"Seal {number} is signed by another key than seal {number - 1} allows.", seal=number)


def read_seals(copy, found, signers):
    expected, before, keys = 1, None, {}
    for key in copy.below("seals/"):
        number = seal_number(key)
        if number is None:
            found.add("seal-altered", f"{key!r} is not the key of a seal.")
            continue
        if number > expected:
            found.add("seal-missing", f"Seal {expected} is missing.", seal=expected)
        seal = read_seal(copy.read(key), number)
        if seal is None:
            found.add("seal-altered", f"Seal {number} is not valid.", seal=number)
        else:
            if check_signature(seal, copy, found, keys):
                signers.add(seal["key"])
            check_seal(seal, before, number == 1 or (before is not None and before["number"] == number - 1), found)
            yield seal
        before, expected = seal, number + 1


# The batches and the trails


class Trails:
    def __init__(self, found):
        self.found = found
        self.events = {}
        self.others = []
        self.lengths = {}
        self.count = 0

    def add(self, line, batch):
        """Adds a line. Returns its trail, sequence and hash, and whether it was refilled, if it is an event."""
        value = parse_canonical(line)
        sequence = integer(value.get("sequence")) if isinstance(value, dict) else None
        if sequence is None or not isinstance(value.get("trail"), str):
            return None
        trail, event = value["trail"], value.get("event")
        strings = isinstance(event, dict) and all(isinstance(event.get(name), str) for name in ("hash", "previous", "time"))
        if not strings or sequence < 1:
            self.others.append((trail, sequence, batch, value.get("item") == {}))
            return None
        self.count += 1
        unsealed = canonical({name: one for name, one in event.items() if name != "hash"})
        intact = hashlib.sha256(unsealed.encode("utf-8")).hexdigest() == event["hash"] and integer(event.get("sequence")) == sequence
        of_trail = self.events.setdefault(trail, {})
        known = of_trail.setdefault(sequence, (event["hash"], event["previous"], batch))
        if not intact:
            self.found.add("event-altered", f"Event {sequence} of {trail} does not have the hash of its content.", trail, sequence, batch)
        elif known[0] != event["hash"]:
            self.found.add("event-added", f"Event {sequence} of {trail} is there twice, with different content.", trail, sequence, batch)
        return trail, sequence, event["hash"], value.get("refilled") is True

    def check(self):
        for trail, events in self.events.items():
            last, last_hash = 0, ""
            for sequence in sorted(events):
                event_hash, previous, batch = events[sequence]
                if sequence > last + 1:
                    self.found.add("event-missing", f"Event {last + 1} of {trail} is missing: event {sequence} follows.", trail, last + 1, batch)
                elif previous != last_hash:
                    self.found.add("event-altered", f"Event {sequence} of {trail} does not continue the one before.", trail, sequence, batch)
                last, last_hash = sequence, event_hash
        for trail, sequence, batch, removed in self.others:
            if sequence in self.events.get(trail, {}):
                code = "table-event-missing" if removed else "table-event-altered"
                self.found.add(code, f"Event {sequence} of {trail} was changed in the table.", trail, sequence, batch)


def lines_of(content):
    lines = content.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def note_head(heads, trail, sequence, event_hash):
    if heads.get(trail, (0, ""))[0] < sequence:
        heads[trail] = (sequence, event_hash)


def check_batches(seal, after, copy, trails, found):
    present = [key for key in copy.below("log/") if after < key <= seal["last"]]
    for key in set(present) - {one["key"] for one in seal["batches"]}:
        found.add("batch-added", f"{key!r} is in none of the seals.", batch=batch_number(key), seal=seal["number"])
    heads, wrong = {}, []
    for batch in seal["batches"]:
        content = copy.read(batch["key"])
        if content is None:
            found.add("batch-missing", f"Batch {batch['number']} is missing.", batch=batch["number"], seal=seal["number"])
            wrong.append(None)
            continue
        lines = lines_of(content)
        read = [trails.add(line, batch["number"]) for line in lines]
        for event in filter(None, read):
            note_head(heads, *event[:3])
        if tree_root(lines).hex() != batch["root"]:
            wrong.append((batch, lines, read))
    if wrong:
        first = next((one[0]["number"] for one in wrong if one), seal["from"])
        compare_heads(seal, heads, trails.lengths, first, found)
    return [(seal, *one) for one in wrong if one]


def compare_heads(seal, heads, lengths, batch, found):
    at = {"batch": batch, "seal": seal["number"]}
    for trail, (length, head) in seal["trails"].items():
        now, now_head = heads.get(trail, (0, ""))
        if now == length and now_head != head:
            found.add("event-altered", f"Event {length} of {trail}, or one before it, was written anew.", trail, length, **at)
        if now > length:
            found.add("event-added", f"Event {length + 1} of {trail} was added.", trail, length + 1, **at)
        if now < length:
            missing = min(max(now, lengths.get(trail, 0)) + 1, length)
            found.add("event-missing", f"Event {missing} of {trail} is missing: the sealed trail ends with event {length}.", trail, missing, **at)
    for trail in set(heads) - set(seal["trails"]):
        added = lengths.get(trail, 0) + 1
        found.add("event-added", f"Event {added} of {trail} was added: the seal does not have this trail.", trail, added, **at)


def explain(seal, batch, lines, read, found):
    at = {"batch": batch["number"], "seal": seal["number"]}
    text = f"Batch {batch['number']} does not have its sealed root: {len(lines)} lines, sealed {batch['lines']}."
    explained = any(one["trail"] and (one["batch"] == batch["number"] or one["seal"] == seal["number"]) for one in found)
    code = "batch-altered"
    if not explained and len(lines) < batch["lines"]:
        code = "event-missing"
    elif not explained and len(lines) > batch["lines"]:
        code = "event-added"
    elif not explained:
        highest = {}
        for event in filter(None, read):
            trail, sequence, _, refilled = event
            if not refilled and sequence < highest.get(trail, 0):
                found.add("events-reordered", f"Event {sequence} of {trail} comes after a later one.", trail, sequence, **at)
                break
            highest[trail] = max(highest.get(trail, 0), sequence if not refilled else 0)
        else:
            code = "events-reordered"
    found.add(code, text, **at)


def read_unproven(after, end, copy, trails, found):
    for key in copy.below("log/"):
        if not after < key <= end:
            continue
        number = batch_number(key)
        if number is None:
            found.add("batch-added", f"{key!r} is not the key of a batch.")
            continue
        for line in lines_of(copy.read(key)):
            trails.add(line, number)


def check_unsealed(last, copy, trails, found):
    after, expected = (last["last"], last["to"] + 1) if last else ("", 1)
    for key in copy.below("log/"):
        if key <= after:
            continue
        number = batch_number(key)
        if number is None or number < expected:
            found.add("batch-added", f"{key!r} is not the next batch.", batch=number)
            continue
        if number > expected:
            found.add("batch-missing", f"Batch {expected} is missing.", batch=expected)
        for line in lines_of(copy.read(key)):
            trails.add(line, number)
        expected = number + 1


def verify(folder, pinned, head):
    copy, found, signers = Copy(folder), Found(), set()
    trails = Trails(found)
    last, proven, wrong, seals = None, None, [], 0
    for seal in read_seals(copy, found, signers):
        after = last["last"] if last else ""
        if seal["number"] != (last["number"] if last else 0) + 1:
            # The seal of these batches is missing: their events belong to the trails nevertheless.
            end = seal["batches"][0]["key"][:-1] if seal["batches"] else seal["last"]
            read_unproven(after, end, copy, trails, found)
            after = end
        wrong += check_batches(seal, after, copy, trails, found)
        for trail, (length, _) in seal["trails"].items():
            trails.lengths[trail] = max(length, trails.lengths.get(trail, 0))
        if seal["hash"] == head:
            proven = seal
        last, seals = seal, seals + 1
    check_unsealed(last, copy, trails, found)
    if seals == 0 and not found and not trails.count:
        raise SystemExit(f"The folder {folder} has no seals and no batches.")
    trails.check()
    for one in wrong:
        explain(*one, found)
    if pinned and pinned not in signers:
        found.add("key-not-pinned", f"None of the seals is signed by the key {pinned}.")
    if head and not proven:
        found.add("head-not-found", f"None of the seals has the hash {head}.")
    verdict = "tampered" if found else "proven" if pinned and proven else "consistent"
    found.sort(key=lambda one: (one["trail"] is None, one["batch"] is None, one["batch"] or one["seal"] or 0, one["sequence"] or 0))
    return {"verdict": verdict, "seals": seals, "events": trails.count, "findings": list(found)}


def fingerprint(text):
    if not is_hash(text):
        raise argparse.ArgumentTypeError("64 digits in lower-case hexadecimal")
    return text


class Parser(argparse.ArgumentParser):
    def error(self, message):
        # 2 would say that the log was tampered with.
        self.exit(1, f"{self.format_usage()}{message}\n")


def main():
    parser = Parser(description="Verifies a copy of the archive of the Posture log.")
    parser.add_argument("folder", help="the copy of the bucket")
    parser.add_argument("--key", type=fingerprint, help="the SHA-256 of the public key that has to have signed")
    parser.add_argument("--head", type=fingerprint, help="the hash of a seal that the log has to contain")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    result = verify(options.folder, options.key, options.head)
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        said = {"consistent": "consistent; completeness not proven"}
        print(f"{said.get(result['verdict'], result['verdict'])}: {result['events']} events, {result['seals']} seals")
        for one in result["findings"]:
            # Names in the log are not trusted to steer a terminal.
            print(f"  {one['code']}  {ascii(one['text'])[1:-1]}")
    return 2 if result["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
