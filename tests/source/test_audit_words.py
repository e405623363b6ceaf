"""What the controller writes into the log of actions, the panel can say in words, in both languages."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NOUNS = ("login|session|user|token|area|group|station|bulletin|programme|template|broadcast|alert|alert_clip|airing|holidays|settings|"
         "access_policy|password|profile|totp|recovery_code|source|retention")
VERB = re.compile(rf'"((?:{NOUNS})\.[a-z_]{{2,}})"')
NOT_A_VERB = re.compile(r"^retention\.(?!prune)|^airing\.id$")  # names of settings


def written():
    return {verb for file in (ROOT / "controller").rglob("*.c") for verb in VERB.findall(file.read_text()) if not NOT_A_VERB.match(verb)}


def test_every_action_has_words():
    verbs = written()
    assert len(verbs) > 40
    for language in ("vi", "en"):
        text = (ROOT / "web-admin/src/lib/messages" / language / "office.ts").read_text()
        assert [verb for verb in sorted(verbs) if f"'{verb}':" not in text] == [], language
