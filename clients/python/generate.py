#!/usr/bin/env python3
"""Writes explain_service.py from openapi/openapi.json; with --check says whether it is what would be written. Needs Python 3.11 alone."""

import json
import keyword
import pathlib
import re
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "openapi" / "openapi.json"
CLIENT = HERE / "explain_service.py"

# The protocols of other services have clients of their own.
OURS = {"explanations", "models", "jobs", "operation"}
WIDTH = 120

HEADER = '''"""A client of ExplainService over httpx, with the types of every request and answer.

Generated from openapi/openapi.json by generate.py: do not edit. Fields are those of the HTTP API (docs/api.md).

    from explain_service import ExplainService

    with ExplainService("http://localhost:8080") as service:
        for unit in service.shap(text="A gripping film.")["units"]:
            print(unit["text"], unit.get("score"))
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NotRequired, Required, TypedDict, Union, Unpack
from urllib.parse import quote

import httpx

'''

CLASS = '''
class ExplainProblem(Exception):
    """What the service refused a request for: a problem by RFC 9457."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.get("detail") or problem.get("title"))
        self.problem = problem

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem["status"]


class ExplainService:
    """The service at an address, with a key where it has keys."""

    def __init__(
        self,
        address: str = "http://localhost:8080",
        key: str | None = None,
        timeout: float | None = 600,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {} if key is None else {"X-Api-Key": key}
        self._http = httpx.Client(base_url=address, headers=headers, timeout=timeout, transport=transport)

    def __enter__(self) -> ExplainService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes its connections."""
        self._http.close()

    def lines(self, path: str, requests: Iterable[Any]) -> Iterator[Any]:
        """Many requests of an endpoint (NDJSON): an answer or a problem for each, in order, as they come. Only a problem has `status`."""
        content = (json.dumps(request, ensure_ascii=False).encode() + b"\\n" for request in requests)
        headers = {"Content-Type": "application/x-ndjson"}
        with self._http.stream("POST", path, content=content, headers=headers) as response:
            if response.is_error:
                response.read()
            yield from map(json.loads, filter(None, self._checked(response).iter_lines()))

    def picture(self, path: str, format: Literal["svg", "png", "html"] = "svg", options: dict[str, Any] | None = None, **fields: Any) -> bytes:
        """An explanation as a picture; options are those of pictures (view, width, theme ...)."""
        return self._checked(self._http.post(path, params={"format": format, **(options or {})}, json=fields)).content

    def _send(self, verb: str, path: str, *, query: dict[str, Any] | None = None, body: Any = None) -> httpx.Response:
        sent = {name: value for name, value in (query or {}).items() if value is not None}
        return self._checked(self._http.request(verb, path, params=sent, json=body))

    @staticmethod
    def _checked(response: httpx.Response) -> httpx.Response:
        if response.is_error:
            try:
                problem = response.json()
            except ValueError:
                problem = None
            if not isinstance(problem, dict) or "status" not in problem:
                problem = {"type": "about:blank", "title": response.reason_phrase, "status": response.status_code, "detail": response.text}
            raise ExplainProblem(problem)
        return response
'''


def type_of(schema):
    """A schema as an annotation."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
    if "oneOf" in schema:
        return union([type_of(one) for one in schema["oneOf"]])
    kinds = schema.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return union([plain(kind, schema) for kind in kinds])


def union(types):
    unique = [one for one in dict.fromkeys(types) if one != "None"] + (["None"] if "None" in types else [])
    return unique[0] if len(unique) == 1 else f"Union[{', '.join(unique)}]"


def plain(kind, schema):
    match kind:
        case "string":
            return "str"
        case "integer":
            return "int"
        case "number":
            return "float"
        case "boolean":
            return "bool"
        case "null":
            return "None"
        case "array":
            return f"list[{type_of(schema.get('items', {}))}]"
        case "object" if isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
            return f"dict[str, {type_of(schema['additionalProperties'])}]"
        case "object":
            return "dict[str, Any]"
        case _:
            return "Any"


def referred(schema, found):
    """Names of all schemas that one leads to."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref":
                found.add(value.rsplit("/", 1)[1])
            else:
                referred(value, found)
    elif isinstance(schema, list):
        for value in schema:
            referred(value, found)
    return found


def told(text, indent):
    """A comment as a docstring."""
    text = re.sub(r"\s+", " ", text or "").strip().replace("\\", "\\\\").replace('"""', "'''")
    if not text:
        return ""
    if text.endswith('"'):
        text += " "
    pad = " " * indent
    lines = textwrap.wrap(text, WIDTH - indent - 6, break_long_words=False, break_on_hyphens=False)
    return f'{pad}"""{lines[0]}"""\n' if len(lines) == 1 else pad + '"""' + f"\n{pad}".join(lines) + f'\n{pad}"""\n'


def definition(name, schema):
    """A schema as a TypedDict, or as a name for its type."""
    if schema.get("type") != "object" or not schema.get("properties"):
        return f"{name} = {type_of(schema)}\n"
    required = set(schema.get("required", []))
    described = {field: one.get("description", "") for field, one in schema["properties"].items()}
    annotations = {
        field: f"{'Required' if field in required else 'NotRequired'}[{type_of(one)}]" for field, one in schema["properties"].items()
    }
    if any(not field.isidentifier() or keyword.iskeyword(field) for field in annotations):
        fields = "".join(f"        {json.dumps(field)}: {one!r},\n" for field, one in annotations.items())
        return f"{name} = TypedDict(\n    {name!r},\n    {{\n{fields}    }},\n)\n"
    body = "".join(f"    {field}: {one}\n{told(described[field], 4)}" for field, one in annotations.items())
    return f"class {name}(TypedDict):\n{told(schema.get('description'), 4) or ''}\n{body}" if schema.get("description") else f"class {name}(TypedDict):\n{body}"


def method(path, verb, operation):
    """An operation as a method."""
    parameters = operation.get("parameters", [])
    names = [one["name"] for one in parameters if one["in"] == "path"]
    is_explanation = "explanations" in operation["tags"]
    query = [] if is_explanation else [one for one in parameters if one["in"] == "query"]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    arguments = ["self"] + [f"{name}: str" for name in names]
    if query:
        arguments += ["*"] + [f"{one['name']}: {union([type_of(one['schema']), 'None'])} = None" for one in query]
    if content:
        arguments.append(f"**fields: Unpack[{type_of(content['schema'])}]")
    answers = next((one.get("content", {}) for status, one in operation["responses"].items() if status.startswith("2")), {})
    kind, read = answer_of(answers)
    filled = re.sub(r"\{(\w+)\}", r"{_quoted(\1)}", path)
    sent = [json.dumps(verb.upper()), ("f" if names else "") + json.dumps(filled)]
    if query:
        sent.append("query={" + ", ".join(f'"{one["name"]}": {one["name"]}' for one in query) + "}")
    if content:
        sent.append("body=fields")
    call = f"self._send({', '.join(sent)})"
    return (
        f"\n    def {operation['operationId']}({', '.join(arguments)}) -> {kind}:\n"
        + told(operation.get("summary"), 8)
        + f"        {read.format(call)}\n"
    )


def answer_of(content):
    """What a method returns, and how it is read."""
    if "application/json" in content:
        return type_of(content["application/json"]["schema"]), "return {}.json()"
    if "application/x-ndjson" in content:
        return "list[Any]", "return [json.loads(line) for line in {}.text.splitlines() if line]"
    if any(kind.startswith("text/") for kind in content):
        return "str", "return {}.text"
    return ("bytes", "return {}.content") if content else ("None", "{}")


def written():
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    operations = [
        (path, verb, operation)
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
        # A stream of events has no end to wait for.
        if set(operation["tags"]) <= OURS and operation["operationId"] != "job_events"
    ]
    schemas = document["components"]["schemas"]
    wanted, rest = set(), referred([one for *_, one in operations], {"Problem"})
    while rest:
        wanted |= rest
        rest = set().union(*(referred(schemas[name], set()) for name in rest)) - wanted
    # Annotations are texts until they are asked for; names for types are evaluated where they stand, and come first.
    plain_first = sorted(wanted, key=lambda name: (bool(schemas[name].get("properties")), name))
    types = "\n\n".join(definition(name, schemas[name]) for name in plain_first)
    quoted = '\n\ndef _quoted(part: str) -> str:\n    return quote(part, safe="")\n'
    methods = "".join(method(*one) for one in operations)
    return HEADER + "\n" + types + "\n" + CLASS + methods + quoted


def main():
    text = written()
    if "--check" in sys.argv[1:]:
        if CLIENT.read_text(encoding="utf-8") != text:
            sys.exit("explain_service.py is not what the document says: python3 clients/python/generate.py")
    else:
        CLIENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
