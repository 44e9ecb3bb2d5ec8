"""The tenant's OpenAPI document is valid: against OpenAPI's own schema, and each of its schemas as JSON Schema."""

import json
import sys
import urllib.request

import jsonschema_rs
from schemathesis.specs.openapi.definitions import OPENAPI_31

url = sys.argv[1]
# Everything stays on this machine, whatever proxy the environment names.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open(url, timeout=20) as answer:
    document = json.load(answer)

problems = [
    f"{'/'.join(str(step) for step in error.instance_path)}: {error.message}"
    for error in jsonschema_rs.validator_for(OPENAPI_31).iter_errors(document)
]
for name, schema in document["components"]["schemas"].items():
    try:
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
    except jsonschema_rs.ValidationError as error:
        problems.append(f"components/schemas/{name}: {error.message}")
operations = sum(len(methods) for methods in document["paths"].values())
print("\n".join(problem[:300] for problem in problems) or f"valid: {operations} operations")
sys.exit(1 if problems or operations < 10 else 0)
