"""Fields and the base form of a record's data: one door for JSON, pages and importers."""

import threading
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.codes.queries import choices, in_force, values

MAX_TEXT = 200
ANY_VALUE = "not_assessed"


def clean_text(value: str) -> bool:
    """No NUL and no half of a surrogate pair: neither can be stored."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def storable_text(value: object, length: int) -> str:
    """At most so many characters of it, with what the database cannot hold replaced."""
    return str(value)[:length].encode("utf-8", "replace").decode().replace("\x00", "?")


class FreeText(forms.CharField):
    """Words of someone's own. They are kept sealed under the key of the month, which dies."""


class SerialNo(forms.RegexField):
    """What is printed on a thing: letters and digits, a digit at least. It is no words, and not sealed."""

    def __init__(self, max_length: int, **kwargs):
        wrong = {"invalid": _("Un numéro : des lettres et des chiffres, au moins un chiffre.")}
        shape = rf"^(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z ./_-]{{0,{max_length - 1}}}$"
        super().__init__(shape, max_length=max_length, error_messages=wrong, **kwargs)


class CodeField(forms.ChoiceField):
    """One code of a dated list."""

    def __init__(self, list_name: str, **kwargs):
        self.list_name = list_name
        self.on: date | None = None
        super().__init__(**kwargs)

    def set_day(self, on: date) -> None:
        if on == self.on:
            return
        self.on = on
        self.choices = partial(self._offered, on)  # asked for by pages alone

    def _offered(self, on: date) -> list[tuple[str, str]]:
        offered = choices(self.list_name, on)
        return offered if self.required else [("", "—"), *offered]

    def valid_value(self, value):
        found = values(self.list_name).get(str(value))
        return found is not None and (self.on is None or in_force(found, self.on))


class CodesField(forms.MultipleChoiceField):
    """At least one code of a dated list, each once."""

    default_error_messages = {"invalid_choice": _("Ce choix n’existe pas : %(value)s.")}
    set_day = CodeField.set_day
    _offered = CodeField._offered
    valid_value = CodeField.valid_value

    def __init__(self, list_name: str, **kwargs):
        self.list_name = list_name
        self.on = None
        super().__init__(**kwargs)

    def clean(self, value):
        return list(dict.fromkeys(super().clean(value)))


class Flag(forms.NullBooleanField):
    """True or nothing: what nobody says is not kept."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value):
        return super().clean(value) or None


class YesNo(forms.NullBooleanField):
    """Yes, no, or nothing when nobody said."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, **kwargs})


class ValueOrNotAssessed(forms.CharField):
    """A whole number within bounds, or `not_assessed`, which is not the same as unknown."""

    def __init__(self, low: int, high: int, **kwargs):
        self.low, self.high = low, high
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(str(value) if isinstance(value, int) else value)

    def validate(self, value):
        super().validate(value)
        if not value or value == ANY_VALUE:
            return
        if not value.isascii() or not value.isdigit() or not self.low <= int(value[:9]) <= self.high:
            raise ValidationError(
                _("Un nombre de %(low)s à %(high)s, ou « non évalué »."),
                code="invalid",
                params={"low": self.low, "high": self.high},
            )


class Number(forms.DecimalField):
    """A decimal number typed with a comma or a point."""

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace("\u202f", "").replace("\xa0", "").replace(",", ".")
        return super().to_python(value)


class LinesField(forms.Field):
    """Lines of one record, each held to the fields of a small form of its own, as formsets are.

    Kept as a list of objects. What is wrong with a line is told under the field’s own name.
    """

    default_error_messages = {"type": _("Ce n’est pas le genre de valeur attendu.")}

    def __init__(self, line: type["RecordForm"], *, most: int = 40, **kwargs):
        self.line, self.most, self.on = line, most, date.min
        super().__init__(**kwargs)

    def set_day(self, on: date) -> None:
        self.on = on

    def to_python(self, value):
        if value in self.empty_values:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise ValidationError(self.error_messages["type"], code="type")
        return value

    def validate(self, value):
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError(_("Au plus %(most)s lignes."), code="too_many", params={"most": self.most})

    def clean(self, value):
        lines = [self._line(one) for one in super().clean(value)]
        wrong = [error for number, line in enumerate(lines, 1) for error in _wrong_in(line, number)]
        if wrong:
            raise ValidationError(wrong)
        return [line.as_data() for line in lines]

    def _line(self, data: dict) -> "RecordForm":
        return self.line(data, site=None, occurred_at=None, day=self.on)

    @property
    def line_fields(self) -> dict[str, forms.Field]:
        """The fields of a line, as they are on the day in question."""
        return self._line({}).fields


def _wrong_in(line: "RecordForm", number: int) -> list[ValidationError]:
    """What is wrong with one line, each saying which line and which field."""
    return [
        ValidationError(
            _("Ligne %(number)s, %(name)s : %(why)s"),
            code=error["code"],
            params={"number": number, "name": _line_field_words(line, name), "why": error["message"]},
        )
        for name, errors in line.as_errors().items()
        for error in errors
    ]


def _line_field_words(line: "RecordForm", name: str) -> str:
    field = line.fields.get(name)
    return str(field.label or name) if field else name


# Which JSON types a field takes; a page only sends text.
JSON_TYPES: list[tuple[type, tuple[type, ...]]] = [
    (CodesField, (list,)),
    (LinesField, (list,)),
    (ValueOrNotAssessed, (str, int)),
    (forms.BooleanField, (bool,)),
    (forms.DecimalField, (int, float, str, Decimal)),
    (forms.IntegerField, (int,)),
    (forms.Field, (str,)),
]


def _json_type_fits(form_field: forms.Field, value) -> bool:
    wanted = next(types for cls, types in JSON_TYPES if isinstance(form_field, cls))
    if isinstance(value, bool) and bool not in wanted:
        return False
    if isinstance(value, list):
        of = dict if isinstance(form_field, LinesField) else str
        return list in wanted and all(isinstance(item, of) for item in value)
    return isinstance(value, wanted)


class _Kept(dict):
    """Fields that the forms of one thread use one after the other: a form’s own copy holds the same ones."""

    def __deepcopy__(self, memo):
        return dict(self)


_of_thread = threading.local()


class RecordForm(forms.Form):
    """The data of one record kind. Unknown keys are refused by name.

    `in_passing`: it is checked at once and shown to nobody, so that it may share its fields.
    """

    def __init__(
        self,
        data: dict | None = None,
        *,
        site,
        occurred_at: datetime,
        day: date,
        in_passing: bool = False,
        **kwargs,
    ):
        data = data or {}
        if in_passing:
            self.base_fields = self._kept_fields()
        # Fields are told only what they can read; the rest is refused below.
        self.misfits = [n for n, v in data.items() if n in self.base_fields and not self._fits(n, v)]
        self.unknown = [name for name in data if name not in self.base_fields]
        super().__init__({n: v for n, v in data.items() if n not in self.misfits}, **kwargs)
        self.site, self.occurred_at, self.day = site, occurred_at, day
        for form_field in self.fields.values():
            if hasattr(form_field, "set_day"):
                form_field.set_day(day)

    @classmethod
    def _kept_fields(cls) -> _Kept:
        kept = vars(_of_thread).setdefault("fields", {})
        if cls not in kept:
            kept[cls] = _Kept(deepcopy(cls.base_fields))
        return kept[cls]

    def clean(self):
        for name in self.unknown:
            self.add_unknown(name)
        for name in self.misfits:
            self.errors.pop(name, None)
            self.add_error(name, ValidationError(_("Ce n’est pas le genre de valeur attendu."), code="type"))
        return super().clean()

    def _fits(self, name: str, value) -> bool:
        if value is None:
            return True
        if not _json_type_fits(self.base_fields[name], value):
            return False
        texts = value if isinstance(value, list) else [value]
        return all(clean_text(text) for text in texts if isinstance(text, str))

    def add_unknown(self, name) -> None:
        shown = storable_text(name, 40)
        self.errors.setdefault(shown, self.error_class(error_class="nonfield")).extend(
            ValidationError(_("Ce champ n’existe pas ici."), code="unknown").error_list
        )

    def as_data(self) -> dict:
        """Cleaned values as they are kept: JSON types, empty ones left out."""
        kept = {}
        for name, value in self.cleaned_data.items():
            if value in (None, "", []):
                continue
            kept[name] = value if isinstance(value, (bool, int, list)) else str(value)
        return kept

    def as_errors(self) -> dict:
        """{field: [{"code", "message"}]}. No message repeats what was typed: it may be a handle."""
        return {
            name: [{"code": e.code or "invalid", "message": _message(e)} for e in errors]
            for name, errors in self.errors.as_data().items()
        }


def _message(error: ValidationError) -> str:
    if error.code == "invalid_choice" and "value" in (error.params or {}):
        return str(_("Ce choix n’existe pas."))
    return " ".join(map(str, error.messages))
