"""Describes datasets for programs: DCAT for catalogues, CSV on the Web and Data Package for tables.

DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) with the properties and vocabularies of DCAT-AP;
https://www.w3.org/TR/tabular-metadata/; https://specs.frictionlessdata.io/.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, XSD, Graph, Literal, URIRef

from shaar.kernel import clock
from shaar.kernel.texts import LANGUAGES, Text
from shaar.portal.opendata.datasets import DATASETS
from shaar.portal.opendata.outcomes import Dataset, in_each
from shaar.portal.opendata.writing import TYPES
from shaar.portal.pack import kept_words

EU = "http://publications.europa.eu/resource/authority"
SPOKEN = {"ru": "RUS", "ky": "KIR", "en": "ENG"}
DATATYPES = {"text": "string", "number": "decimal", "whole": "integer", "day": "date", "moment": "dateTime",
             "yes_no": "boolean"}  # fmt: skip
FIELDS = {"text": "string", "number": "number", "whole": "integer", "day": "date", "moment": "datetime",
          "yes_no": "boolean"}  # fmt: skip
ABOUT = _("What public pages show, as tables for everyone.")
NO_LICENCE = _("The city has not stated under which licence this may be used.")
CONTEXT = {
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "foaf": str(FOAF),
    "rdfs": str(RDFS),
    "xsd": str(XSD),
}


def whole(name: str, **parts: str) -> str:
    """Return the whole address of a page or file, as catalogues keep it."""
    return f"{str(settings.SHAAR_PUBLIC_URL).rstrip('/')}{reverse(name, kwargs=parts)}"


def graph() -> Graph:
    """Return the catalogue as a graph."""
    made, words = Graph(), kept_words()
    for prefix, address in CONTEXT.items():
        made.bind(prefix, address)
    catalogue = URIRef(whole("portal:data"))
    publisher = URIRef(f"{catalogue}#publisher")
    _typed(made, catalogue, DCAT.Catalog)
    _texts(made, catalogue, DCTERMS.title, in_each(_("Open data")))
    _texts(
        made, catalogue, DCTERMS.description, in_each(_("What public pages show, as tables for everyone."))
    )
    _typed(made, publisher, FOAF.Agent)
    _texts(made, publisher, FOAF.name, words.name)
    made.add((catalogue, DCTERMS.publisher, publisher))
    made.add((catalogue, FOAF.homepage, URIRef(whole("portal:home"))))
    _typed(made, URIRef(whole("portal:home")), FOAF.Document)
    made.add((catalogue, DCTERMS.modified, Literal(clock.today(), datatype=XSD.date)))
    _typed(made, URIRef(f"{EU}/data-theme"), URIRef("http://www.w3.org/2004/02/skos/core#ConceptScheme"))
    _languages(made, catalogue)
    _rights(made, catalogue, words.licence)
    for one in DATASETS:
        made.add((catalogue, DCAT.dataset, _described(made, one, publisher, words.licence)))
    return made


def _described(made: Graph, dataset: Dataset, publisher: URIRef, licence: str | None) -> URIRef:
    subject = URIRef(whole("portal:dataset", code=dataset.code))
    _typed(made, subject, DCAT.Dataset)
    _texts(made, subject, DCTERMS.title, in_each(dataset.title))
    _texts(made, subject, DCTERMS.description, in_each(dataset.about))
    for one in dataset.keywords:
        _texts(made, subject, DCAT.keyword, in_each(one))
    made.add((subject, DCTERMS.identifier, Literal(dataset.code)))
    made.add((subject, DCTERMS.publisher, publisher))
    theme = URIRef(f"{EU}/data-theme/{dataset.theme}")
    made.add((subject, DCAT.theme, theme))
    frequency = URIRef(f"{EU}/frequency/UPDATE_CONT")
    made.add((subject, DCTERMS.accrualPeriodicity, frequency))
    made.add((subject, DCAT.landingPage, subject))
    _languages(made, subject)
    for form in dataset.forms:
        made.add((subject, DCAT.distribution, _distributed(made, dataset, form, licence)))
    return subject


def _distributed(made: Graph, dataset: Dataset, form: str, licence: str | None) -> URIRef:
    address = whole("portal:dataset-file", code=dataset.code, form=form)
    subject = URIRef(f"{whole('portal:dataset', code=dataset.code)}#{form}")
    _typed(made, subject, DCAT.Distribution)
    _texts(made, subject, DCTERMS.title, in_each(dataset.title), after=f" ({form.upper()})")
    made.add((subject, DCAT.accessURL, URIRef(address)))
    made.add((subject, DCAT.downloadURL, URIRef(address)))
    made.add((subject, DCTERMS["format"], URIRef(f"{EU}/file-type/{form.upper()}")))
    media = TYPES[form].partition(";")[0]
    made.add((subject, DCAT.mediaType, URIRef(f"http://www.iana.org/assignments/media-types/{media}")))
    if form == "csv":
        schema = URIRef(whole("portal:dataset-schema", code=dataset.code, kind="csv-metadata"))
        made.add((subject, DCTERMS.conformsTo, schema))
        _typed(made, schema, DCTERMS.Standard)
    _rights(made, subject, licence)
    return subject


def _rights(made: Graph, subject: URIRef, licence: str | None) -> None:
    """State the licence; where the city has stated none, say so and claim nothing."""
    if licence:
        made.add((subject, DCTERMS.license, URIRef(licence)))
        _typed(made, URIRef(licence), DCTERMS.LicenseDocument)
        return
    rights = URIRef(f"{whole('portal:data')}#rights")
    made.add((subject, DCTERMS.rights, rights))
    _typed(made, rights, DCTERMS.RightsStatement)
    _texts(made, rights, RDFS.label, in_each(NO_LICENCE))


def _languages(made: Graph, subject: URIRef) -> None:
    for code in LANGUAGES:
        made.add((subject, DCTERMS.language, URIRef(f"{EU}/language/{SPOKEN[code]}")))


def _texts(made: Graph, subject: URIRef, name: URIRef, text: Text, *, after: str = "") -> None:
    for code in LANGUAGES:
        if value := getattr(text, code):
            made.add((subject, name, Literal(value + after, lang=code)))


def _typed(made: Graph, subject: URIRef, kind: URIRef) -> None:
    made.add((subject, RDF.type, kind))


def csv_on_the_web(dataset: Dataset) -> dict[str, Any]:
    """Return the metadata of the CSV file by CSV on the Web."""
    columns = []
    for one in dataset.columns:
        title = in_each(one.title)
        titles = {code: [getattr(title, code)] for code in LANGUAGES}
        columns.append(
            {
                "name": one.name,
                "titles": one.name,
                "dc:description": {code: words[0] for code, words in titles.items()},
                "datatype": DATATYPES[one.type],
                "required": one.is_key,
            }
        )
    schema: dict[str, Any] = {"columns": columns}
    if key := [one.name for one in dataset.columns if one.is_key]:
        schema["primaryKey"] = key
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"language": "ru"}],
        "url": whole("portal:dataset-file", code=dataset.code, form="csv"),
        "dc:title": str(dataset.title),
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": schema,
    }


def data_package(dataset: Dataset) -> dict[str, Any]:
    """Return the Data Package that describes a dataset; `licenses` only where the city states one."""
    fields = []
    for one in dataset.columns:
        field: dict[str, Any] = {"name": one.name, "type": FIELDS[one.type], "title": str(one.title)}
        if one.is_key:
            field["constraints"] = {"required": True}
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if key := [one.name for one in dataset.columns if one.is_key]:
        schema["primaryKey"] = key
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": dataset.code,
        "title": str(dataset.title),
        "description": str(dataset.about),
        "homepage": whole("portal:dataset", code=dataset.code),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": dataset.code,
                "path": whole("portal:dataset-file", code=dataset.code, form="csv"),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema,
            }
        ],
    }
    if licence := kept_words().licence:
        package["licenses"] = [{"path": licence}]
    return package
