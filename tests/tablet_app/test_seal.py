"""What the browser closes, the server opens."""

import json

import pytest
from django.db import transaction

from sites.keyring.boxes import CannotOpen, Opener, public_key
from tests.factories import ref

SEAL = """async ({key, rows}) => {
  const {seal} = await import("/static/sites/tablet/seal.js");
  return Promise.all(rows.map(([id, content]) => seal(key, id, content)));
}"""
CONTENTS = [{}, {"data": {"note": "é" * 500 + "😀"}}, {"data": "x" * 100_000}, *({"n": n} for n in range(60))]


@pytest.mark.browser
def test_what_the_browser_closes_opens_on_the_server_alone(open_page, committed_site):
    with transaction.atomic():
        key = public_key(committed_site)
    rows = [[ref(), content] for content in CONTENTS]
    page = open_page("/tablet/", code=None)
    boxes = page.evaluate(SEAL, {"key": key, "rows": rows})
    with transaction.atomic():
        opener = Opener(committed_site)
        opened = [
            opener.open(box["key_id"], box["sealed"], id) for (id, _), box in zip(rows, boxes, strict=True)
        ]
        assert [json.loads(one) for one in opened] == CONTENTS
        assert len({box["sealed"][:87] for box in boxes}) == len(boxes)  # a point of its own each
        with pytest.raises(CannotOpen):
            opener.open(key["id"], boxes[0]["sealed"], rows[1][0])
