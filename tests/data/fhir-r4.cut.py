#!/usr/bin/env python3
"""Cuts HL7's fhir.schema.json (FHIR R4) down to the resources that are sent here.

    python3 fhir-r4.cut.py fhir.schema.json > fhir-r4.schema.json

The schema is HL7's, from https://hl7.org/fhir/R4/fhir.schema.json.zip, under CC0 1.0. Nothing of the
definitions that are kept is altered, except that their descriptions are left out, that a resource
within another is one of those kept, and that the versions know the technical correction 4.0.1.
"""
import json
import sys

KEPT = [
    "Appointment", "Bundle", "CapabilityStatement", "HealthcareService", "OperationOutcome",
    "Organization", "Patient", "Practitioner", "Schedule", "Slot",
]


def without_descriptions(value):
    if isinstance(value, dict):
        own = {key: without_descriptions(inner) for key, inner in value.items()}
        if isinstance(own.get("description"), str):
            del own["description"]
        return own
    if isinstance(value, list):
        return [without_descriptions(inner) for inner in value]
    return value


def references(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner.rsplit("/", 1)[1]
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
definitions = schema["definitions"]
versions = definitions["CapabilityStatement"]["properties"]["fhirVersion"]["enum"]
if "4.0.1" not in versions:
    versions.append("4.0.1")
choice = [{"$ref": f"#/definitions/{name}"} for name in KEPT]
definitions["ResourceList"] = {"oneOf": choice}
wanted, cut = ["ResourceList"], {}
while wanted:
    name = wanted.pop()
    if name not in cut:
        cut[name] = without_descriptions(definitions[name])
        wanted.extend(references(cut[name]))
schema["definitions"] = dict(sorted(cut.items()))
schema["oneOf"] = choice
del schema["discriminator"]
json.dump(without_descriptions(schema), sys.stdout, indent=0, ensure_ascii=False)
print()
