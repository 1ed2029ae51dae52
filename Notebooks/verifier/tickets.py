"""Seed, key, tickets and the numbers made of them (draw protocol, sections 1 to 4)."""

import hashlib
import unicodedata

TWO_52 = 1 << 52


class Difference(Exception):
    """The first thing that is not as the receipt says, with a short stable code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def sha256(data):
    """Lower-case hex of SHA-256; text goes in as UTF-8."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def as_bytes(text):
    """What texts are ordered by: their UTF-8 bytes."""
    return text.encode("utf-8")


def id_fault(text):
    """Why a text is no unit's id (section 3); None where it is one."""
    if not text:
        return "is empty"
    if any(unicodedata.category(character) == "Cc" for character in text):
        return "holds a control character"
    if unicodedata.normalize("NFC", text) != text:
        return "is not in Unicode form NFC"
    return None


def declared_fault(text):
    """Why a text is no seed, contribution, group or stage (section 1)."""
    fault = id_fault(text)
    if fault is None and (text != text.strip() or text[0] == "\ufeff" or text[-1] == "\ufeff"):
        fault = "has white space at an end"
    return fault


def commitment(text):
    """What a party publishes before its text is known."""
    return sha256("mingcha commitment 1\n" + text + "\n")


def combined_seed(contributions):
    """The seed of a ceremony."""
    return sha256("mingcha seed 1\n" + "".join(text + "\n" for text in contributions))


def seed_file_text(data):
    """The text of a seed file: one final line feed dropped."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Difference("seed-text", "the seed file is not UTF-8 text.") from None
    if text.endswith("\n"):
        text = text[:-1]
    fault = declared_fault(text)
    if fault:
        raise Difference("seed-text", f"the seed text {fault}.")
    return text


class Key:
    """The key of one stage (section 2) and what is hashed with it."""

    def __init__(self, seed, group, stage):
        for name, text in (("seed", seed), ("group", group), ("stage name", stage)):
            fault = declared_fault(text)
            if fault:
                raise Difference("draw-name", f"the draw cannot be repeated: the {name} {fault}.")
        self.hex = sha256(f"mingcha draw 1\nseed {seed}\ngroup {group}\nstage {stage}\n")
        self._keyed = hashlib.sha256(self.hex.encode("ascii"))

    def ticket(self, label):
        """SHA-256(K + label) in hex; the label of a unit is its id."""
        state = self._keyed.copy()
        state.update(label.encode("utf-8"))
        return state.hexdigest()

    def start_ticket(self, stratum):
        return self.ticket("\nstart\n" + stratum)

    def stream(self, stratum):
        """The numbers u_0, u_1, … of a stratum."""
        step = 0
        while True:
            yield uniform(self.ticket(f"\nstream\n{stratum}\n{step}"))
            step += 1


def leading_bits(ticket):
    """m: the first 13 hex digits."""
    return int(ticket[:13], 16)


def uniform(ticket):
    """u = (m + 0.5) / 2^52, exact in a double."""
    return (leading_bits(ticket) + 0.5) / TWO_52


def systematic_start(ticket, total):
    """⌊h·total / 2^64⌋, h the first 16 hex digits."""
    return (int(ticket[:16], 16) * total) >> 64


def rotated(ticket, shift):
    """What a rotated round orders by: (m − ⌊shift·2^52⌋) mod 2^52, then the ticket."""
    return (leading_bits(ticket) - int(shift * TWO_52)) % TWO_52, ticket
