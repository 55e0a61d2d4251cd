"""What the API's document promises of every route, and the examples that hang on it."""

from __future__ import annotations

import ast
import json
import re

import pytest

from app.core import ids
from app.platform.developers import describing, samples


@pytest.fixture
def document(client):
    """The document as a program gets it."""
    return client.get("/api/v1/openapi.json").json


def operations(document):
    """Each operation with its path and method."""
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield path, method, operation


def test_every_operation_has_a_name_of_its_own_a_tag_words_examples_and_its_scope(document):
    names = [operation["operationId"] for _, _, operation in operations(document)]
    told = {tag["name"]: tag["description"] for tag in document["tags"]}
    offered = document["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]["scopes"]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", name) for name in names)
    for path, method, operation in operations(document):
        place = f"{method} {path}"
        assert told[operation["tags"][0]], place
        assert operation["summary"] and operation["description"], place
        assert [one["label"] for one in operation["x-codeSamples"]] == ["curl", "Python", "JavaScript"], place
        assert all(samples.resolved(one, document)["description"] for one in operation["parameters"]), place
        scopes = [scope for one in operation["security"] for scope in one.get("oauth", [])]
        assert set(scopes) <= set(offered), place
        assert scopes or operation["security"] == [], place


def test_ids_in_paths_are_typed(document):
    product = document["paths"]["/api/v1/products/{product_id}"]["get"]["parameters"][0]

    assert re.fullmatch(product["schema"]["pattern"], ids.to_public("prod", ids.new_id()))
    assert re.fullmatch(product["schema"]["pattern"], product["example"])
    assert not re.fullmatch(product["schema"]["pattern"], ids.to_public("ord", ids.new_id()))


def test_each_refusal_names_its_codes(document):
    update = document["paths"]["/api/v1/products/{product_id}"]["put"]["responses"]
    schemas = document["components"]["schemas"]

    def codes(status):
        content = samples.resolved(update[status], document)["content"]["application/problem+json"]["schema"]
        found = [samples.resolved(one, document) for one in content.get("oneOf", [content])]
        assert all(one["properties"]["status"]["enum"] == [int(status)] for one in found)
        return {code for one in found for code in one["properties"]["code"]["enum"]}

    assert codes("404") == {"not_found"}
    assert codes("412") == {"precondition_failed"}
    assert codes("428") == {"precondition_required"}
    assert codes("422") >= {"invalid_input", "idempotency_key_reused"}
    assert "handle_taken" in codes("409")
    assert {"400", "401", "403", "413", "415", "429", "503"} <= set(update)
    assert schemas["InvalidInputProblem"]["examples"][0]["problems"]


def test_answers_tell_their_headers(document):
    show = document["paths"]["/api/v1/products/{product_id}"]["get"]["responses"]
    create = document["paths"]["/api/v1/products"]["post"]["responses"]

    assert {"ETag", "RateLimit", "RateLimit-Policy"} <= set(show["200"]["headers"])
    assert "304" in show
    assert "Idempotency-Replayed" in create["201"]["headers"]
    assert "Retry-After" in samples.resolved(show["429"], document)["headers"]


def test_examples_can_be_copied_as_they_are(document):
    for path, method, operation in operations(document):
        curl, python, javascript = (one["source"] for one in operation["x-codeSamples"])
        ast.parse(python)
        assert document["servers"][0]["url"] in curl and "{" not in curl.split("'")[1], f"{method} {path}"
        assert javascript.count("(") == javascript.count(")")
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            written = json.dumps(content["example"], indent=2, ensure_ascii=False)
            assert written.replace("'", "'\\''") in curl
            assert not re.search(r'(": |^ *)"text"(?!:)', written, re.M), (
                f"{method} {path} shows a word that stands for nothing"
            )


def test_most_fields_are_described(document):
    """A new field without a sentence in words.py or its schema shows here, before an integrator asks."""
    fields = [
        (f"{name}.{key}", one)
        for name, shape in document["components"]["schemas"].items()
        for key, one in shape.get("properties", {}).items()
    ]
    silent = sorted(name for name, one in fields if not one.get("description") and "$ref" not in one)

    assert len(silent) <= len(fields) // 5, silent


def test_nothing_of_the_house_shows(document):
    text = json.dumps(document)

    assert not re.search(r"\blivery\b|app\.(core|shop|platform)\.", text.lower())


def test_the_document_is_made_once_and_told_in_the_name_of_each_shop(shop, other_shop):
    first, second = (one.browser().get("/api/v1/openapi.json") for one in (shop, other_shop))
    made = describing._for_everybody.cache_info()

    assert made.misses <= 1
    assert first.json["info"]["contact"]["name"] == shop.name
    assert first.text.replace(shop.slug, "…") == second.text.replace(other_shop.slug, "…")
    assert shop.host in first.text and shop.host not in second.text and "shop.invalid" not in first.text
