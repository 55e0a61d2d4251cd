"""Forms in: text becomes a typed command, or sentences beside the fields. One msgspec Struct a command."""

from __future__ import annotations

import functools
import re
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import msgspec
from flask import g, make_response, request
from werkzeug.datastructures import FileStorage, MultiDict

from app.core import money
from app.core.db import session
from app.core.errors import DomainError, InvalidInput, PlanLimitReached
from app.core.i18n import gettext, mark

Upload = FileStorage
MoneyField = Annotated[int, msgspec.Meta(extra={"money": True})]
View = TypeVar("View", bound=Callable[..., Any])
MISSING = object()
CHECK_ONLY = "Check-Only"
"""The request header of a check while somebody types: the form is read, and the view is not called."""
_own_fields = {"_csrf"}
_off = {"", "0", "false", "off", "no"}
_currency: list[Callable[[], tuple[str, str]]] = []


def money_is_in(look_up: Callable[[], tuple[str, str]]) -> None:
    """Register how money fields learn the shop's (currency, locale)."""
    _currency[:] = [look_up]


@dataclass
class FormState:
    """What was typed and what is wrong with it; the template global `form`."""

    values: MultiDict[str, Any] = field(default_factory=MultiDict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def posted(self) -> bool:
        """Was this page sent and is now shown again?"""
        return bool(self.values or self.errors or self.problem)

    def value(self, name: str, default: Any = "") -> Any:
        """What was typed into a field, or the default on a fresh page."""
        if not self.posted:
            return default
        return self.values.get(name, "" if not isinstance(default, bool) else False)

    def all(self, name: str, default: Any = ()) -> list[Any]:
        """All values of a field that may be chosen several times."""
        return self.values.getlist(name) if self.posted else list(default)

    def error(self, name: str) -> str:
        """The sentence beside a field, or nothing."""
        return gettext(self.errors.get(name, ""))


def current_form() -> FormState:
    """The state of this request's form; empty on a fresh page."""
    if "form" not in g:
        g.form = FormState()
    return g.form


def accepts(schema: type[Any], again: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Parse the form (or the query of a GET) into `schema` and pass it first.

    What does not fit, and every refusal of the service, shows the page `again` with the sentence, the status of
    the error and all that was typed. Without `again` the refusal travels on to an error page.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def parsed(*args: Any, **kwargs: Any) -> Any:
            if again is None:
                return view(read(schema), *args, **kwargs)
            if CHECK_ONLY in request.headers:
                return _checked(schema, again, kwargs)
            try:
                return view(read(schema), *args, **kwargs)
            except DomainError as refusal:
                if refusal.status in {401, 404}:
                    raise
                return _show_again(again, refusal, kwargs)

        parsed.__accepts__ = schema  # type: ignore[attr-defined]  # read by tests and by the API's document
        return parsed  # type: ignore[return-value]

    return decorate


def _checked(schema: type[Any], again: Callable[..., Any], url_values: dict[str, Any]) -> Any:
    """What somebody typed so far is looked at and nothing is done: 204 when it fits, else the page with sentences."""
    try:
        read(schema)
    except InvalidInput as refusal:
        return _show_again(again, refusal, url_values)
    return "", 204


def _show_again(again: Callable[..., Any], refusal: DomainError, url_values: dict[str, Any]) -> Any:
    session.rollback()
    status = refusal.status
    if beside := _beside_the_file(refusal):
        refusal = InvalidInput(beside)
    errors = refusal.errors if isinstance(refusal, InvalidInput) else {}
    problem = errors.get("", "") or refusal.sentence
    source = request.args if request.method == "GET" else request.form
    g.form = FormState(MultiDict(source), {name: text for name, text in errors.items() if name}, problem)
    response = make_response(again(**url_values))
    if response.status_code < 400:
        response.status_code = status
    if request.headers.get("HX-Request-Type") == "partial" and getattr(response, "is_page", False):
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "outerHTML"
    return response


def _beside_the_file(refusal: DomainError) -> dict[str, str]:
    """A full storage is said beside the one file that was sent."""
    sent = {name for name, upload in request.files.items(multi=True) if upload.filename}
    is_storage = isinstance(refusal, PlanLimitReached) and refusal.told["which"] == "storage"
    return {sent.pop(): refusal.sentence} if is_storage and len(sent) == 1 else {}


def read(schema: type[Any]) -> Any:
    """This request's form or query as a command; raises InvalidInput with a sentence for each bad field."""
    is_query = request.method in {"GET", "HEAD"}
    return Reader(request.args if is_query else request.form, request.files, strict=not is_query).read(schema)


Kind = tuple[Any, list[msgspec.Meta], bool]
"""A bare type, its constraints, and whether None is allowed."""


@functools.cache
def _fields(schema: type[Any]) -> tuple[tuple[msgspec.structs.FieldInfo, Kind], ...]:
    """The fields of a schema; looking at its annotations costs more than reading a form."""
    return tuple((one, _unwrap(one.type)) for one in msgspec.structs.fields(schema))


class Reader:
    """Reads one command out of a flat form. Lists of sub-forms are named `lines-0-quantity`."""

    def __init__(self, values: MultiDict[str, str], files: MultiDict[str, FileStorage], *, strict: bool) -> None:
        self.values, self.files, self.strict = values, files, strict
        self.errors: dict[str, str] = {}
        self.used = set(_own_fields)

    def read(self, schema: type[Any]) -> Any:
        """The command; a key that the schema does not know is an error unless it is a query."""
        command = self._struct(schema, "")
        unknown = (set(self.values) | set(self.files)) - self.used
        if self.strict and unknown:
            names = ", ".join(sorted(unknown))[:100]
            self.errors[""] = gettext("This form has a field that is not known: %(names)s.", names=names)
        if command is not None and not self.errors:
            self.errors.update(_problems(command))
        if self.errors or command is None:
            raise InvalidInput(self.errors, self.values.to_dict(flat=False))
        return command

    def _struct(self, schema: type[Any], prefix: str) -> Any:
        found: dict[str, Any] = {}
        for one, kind in _fields(schema):
            name = prefix + one.encode_name
            value = self._field(one.type, kind, name, one.required)
            if value is not MISSING:
                found[one.name] = value
        if any(name == prefix or name.startswith(prefix) for name in self.errors):
            return None
        return schema(**found)

    def _field(self, annotation: Any, kind: Kind, name: str, required: bool) -> Any:
        plain, metas, optional = kind
        if plain is FileStorage:
            return self._upload(name, required and not optional)
        if typing.get_origin(plain) is list:
            return self._list(typing.get_args(plain)[0], name)
        self.used.add(name)
        if plain is bool:
            return self._tick(name, required)
        if name not in self.values:
            return MISSING if not required else self._fail(name, mark("Please fill this in."))
        raw = _clean(self.values[name])
        if raw == "" and plain is not str:
            return None if optional else (self._fail(name, mark("Please fill this in.")) if required else MISSING)
        if raw == "" and optional:
            return None
        return self._scalar(raw, annotation, metas, name)

    def _tick(self, name: str, required: bool) -> Any:
        if name not in self.values and not self.strict and not required:
            return MISSING
        return self.values.get(name, "").lower() not in _off

    def _upload(self, name: str, required: bool) -> Any:
        self.used.add(name)
        given = self.files.get(name)
        if given is None or not given.filename:
            return self._fail(name, mark("Please choose a file.")) if required else None
        return given

    def _list(self, item: Any, name: str) -> Any:
        plain, metas, _ = _unwrap(item)
        if plain is FileStorage:
            self.used.add(name)
            return [given for given in self.files.getlist(name) if given.filename]
        if isinstance(plain, type) and issubclass(plain, msgspec.Struct):
            return [self._struct(plain, f"{name}-{place}-") for place in self._places(name)]
        self.used.add(name)
        texts = [_clean(raw) for raw in self.values.getlist(name)]
        return [self._scalar(raw, item, metas, name) for raw in texts if raw]

    def _places(self, name: str) -> list[int]:
        pattern = re.compile(re.escape(name) + r"-(\d{1,4})-")
        keys = [*self.values, *self.files]
        return sorted({int(found[1]) for key in keys if (found := pattern.match(key))})

    def _scalar(self, raw: str, annotation: Any, metas: list[msgspec.Meta], name: str) -> Any:
        extra = {key: value for meta in metas for key, value in (meta.extra or {}).items()}
        if "\x00" in raw:
            return self._fail(name, mark("This holds a character that cannot be stored."))
        try:
            if extra.get("money"):
                return msgspec.convert(money.parse(raw, *_currency[0]()), annotation)
            return msgspec.convert(raw, annotation, strict=False)
        except (msgspec.ValidationError, ValueError, DomainError) as problem:
            return self._fail(name, extra.get("sentence") or _sentence(str(problem), bool(extra.get("money"))))

    def _fail(self, name: str, sentence: str) -> Any:
        self.errors[name] = sentence
        return MISSING


def _problems(command: Any) -> dict[str, str]:
    check = getattr(command, "problems", None)
    return check() if check else {}


def _clean(raw: str) -> str:
    return raw.replace("\r\n", "\n").strip()


def _unwrap(annotation: Any) -> Kind:
    metas: list[msgspec.Meta] = []
    optional = False
    while True:
        origin = typing.get_origin(annotation)
        if origin is Annotated:
            annotation, *found = typing.get_args(annotation)
            metas += [meta for meta in found if isinstance(meta, msgspec.Meta)]
        elif origin in {typing.Union, types.UnionType}:
            rest = [part for part in typing.get_args(annotation) if part is not type(None)]
            optional = len(rest) < len(typing.get_args(annotation)) or optional
            if len(rest) != 1:
                return annotation, metas, optional
            annotation = rest[0]
        else:
            return annotation, metas, optional


_sentences: tuple[tuple[str, str], ...] = (
    (r"length >= 1\b", mark("Please fill this in.")),
    (r"length >= (\d+)", mark("Please write at least {0} characters.")),
    (r"length <= (\d+)", mark("Please write at most {0} characters.")),
    (r">= (-?\d+)", mark("This must be {0} or more.")),
    (r"<= (-?\d+)", mark("This must be {0} or less.")),
    (r"Expected `int`", mark("Please enter a whole number.")),
    (r"Expected `float`|Invalid decimal", mark("Please enter a number.")),
    (r"Invalid (RFC3339|date|datetime)|Expected `date", mark("Please enter a date.")),
    (r"Invalid enum|Invalid UUID", mark("Please choose one of the offered values.")),
    (r"matching regex", mark("This does not look right.")),
)


def _sentence(technical: str, is_money: bool) -> str:
    for pattern, sentence in _sentences:
        found = re.search(pattern, technical)
        if found:
            return gettext(sentence).format(*found.groups())
    return mark("Please enter an amount such as 12.50.") if is_money else mark("This does not fit here.")
