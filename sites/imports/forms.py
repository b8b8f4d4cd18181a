"""What a person answers about a file: which one, what its columns and its values mean, why it is undone."""

from collections.abc import Iterable

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.imports.catalogue import REGISTERS
from sites.imports.fields import Field
from sites.imports.mapping import LEFT_EMPTY, Digests, Mapping
from sites.imports.moments import orders_of
from sites.imports.terms import (
    DATE_ORDERS,
    DAY_FIRST,
    MAX_COLUMNS,
    MAX_MIB,
    MAX_ROWS,
    MONTH_FIRST,
    NIGHTS,
    UNDECLARED,
)
from sites.places.forms import SetUp
from sites.records.forms import clean_text

Options = list[tuple[str, str]]
TO_SAY: tuple[str, str] = ("", "…")


class BringForm(SetUp, forms.Form):
    kind = forms.ChoiceField(label=_("Ce que le fichier contient"))
    file = forms.FileField(
        label=_("Fichier"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(register.name, register.title) for register in REGISTERS.values()]
        self.fields["file"].help_text = _t(
            "CSV ou classeur XLSX; au plus %(mib)s Mio, %(rows)s lignes et %(columns)s colonnes. La première "
            "ligne nomme les colonnes."
        ) % {"mib": MAX_MIB, "rows": MAX_ROWS, "columns": MAX_COLUMNS}

    def clean_file(self):
        found = self.cleaned_data["file"]
        if found is None:
            # One that is too large is never taken into memory: it comes as none.
            words = _t("Choisir un fichier d’au plus %(n)s Mio.") % {"n": MAX_MIB}
            raise ValidationError(words, code="required")
        if not clean_text(found.name):
            raise ValidationError(_t("Le nom du fichier contient un signe qui ne peut pas être gardé."))
        return found


class ColumnsForm(SetUp, forms.Form):
    """One choice a column: what it holds, or that it is not imported."""

    def __init__(self, *args, mapping: Mapping, headings: list[str], samples: list[list[str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.mapping = mapping
        offered: Options = [("", _t("Ne pas importer"))]
        offered += [(field.name, field.words) for field in mapping.register.all_fields().values()]
        for number, heading in enumerate(headings):
            seen = dict.fromkeys(row[number] for row in samples if number < len(row) and row[number])
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=heading or _t("Colonne %(n)s, sans titre") % {"n": number + 1},
                choices=offered,
                required=False,
                initial=mapping.columns.get(number, ""),
                help_text=" · ".join(list(seen)[:3]),
            )

    def clean(self):
        data = super().clean() or self.cleaned_data
        chosen = {int(name.partition("-")[2]): value for name, value in data.items() if value}
        for number, name in chosen.items():
            if list(chosen.values()).count(name) > 1:
                self.add_error(
                    f"column-{number}",
                    ValidationError(_t("Deux colonnes ne peuvent pas dire la même chose.")),
                )
        self.mapping.columns = chosen
        self.mapping.__dict__.pop("fields", None)
        if not self.errors and not self.mapping.says_when:
            words = _t("Dire quelle colonne donne la date et l’heure, ou la date et quelle autre l’heure.")
            if self.mapping.register.day_only:
                words = _t("Dire quelle colonne donne la date.")
            raise ValidationError(words, code="when")
        return data


class ValuesForm(SetUp, forms.Form):
    """What each value means, what holds for all rows, and how days and nights are written."""

    def __init__(
        self,
        *args,
        mapping: Mapping,
        values: dict[str, list[str]],
        guessed: dict,
        days: Iterable[str],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.mapping, self.values = mapping, values
        self.digests = Digests(mapping.site)
        self.groups: list[tuple[str, list[str]]] = []
        self._ask_how(orders_of(days))
        self._ask_for_all()
        for field in mapping.fields.values():
            if field.has_values and values.get(field.name):
                self._ask_values(field, guessed.get(field.name, {}))

    def _ask(self, name: str, label, choices: Options, initial: str, *, required=True, help_text="") -> str:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=initial, required=required, help_text=help_text
        )
        return name

    def _ask_how(self, orders: set[str]) -> None:
        names = []
        if "" not in orders:
            known = next(iter(orders)) if len(orders) == 1 else self.mapping.order
            names.append(
                self._ask(
                    "order", _("Les dates comme 03/04/2025"), [TO_SAY, *DATE_ORDERS], known,
                    help_text=_("Rien dans le fichier ne le dit.") if len(orders) == 2 else "",
                )
            )  # fmt: skip
        if self.mapping.splits_night:
            names.append(self._ask("night", _("Après minuit, la date est"), list(NIGHTS), self.mapping.night))
        if self.mapping.register.name == "visits":
            names.append(
                self._ask(
                    "undeclared", _("Une ligne sans substance, voie ni place est"), list(UNDECLARED),
                    self.mapping.undeclared,
                )
            )  # fmt: skip
        if names:
            self.groups.append((_t("Comment lire"), names))

    def _ask_for_all(self) -> None:
        """A field that no column fills, or whose empty cells take this answer."""
        names = []
        for field in self.mapping.register.fields:
            column = self.mapping.column_of(field.name)
            if field.always and not field.many and not (field.needed and column is not None):
                required = field.needed and column is None
                offered = [TO_SAY if required else ("", "—"), *field.offered(self.mapping.site)]
                known = self.mapping.always.get(field.name, "")
                names.append(
                    self._ask(f"always-{field.name}", field.words, offered, known, required=required)
                )
        if names:
            self.groups.append((_t("Pour toutes les lignes où le fichier ne le dit pas"), names))

    def _ask_values(self, field: Field, guessed: dict[str, str]) -> None:
        offered = [TO_SAY, *field.offered(self.mapping.site), (LEFT_EMPTY, _t("Laisser vide"))]
        known = self.mapping.values.get(field.name, {})
        names = []
        for number, text in enumerate(self.values[field.name]):
            initial = known.get(self.digests[text]) or guessed.get(text, "")
            names.append(self._ask(f"value-{field.name}-{number}", text, offered, initial))
        self.groups.append((str(field.words), names))

    def layout(self) -> Layout:
        return Layout(*[Fieldset(title, *names) for title, names in self.groups])

    def clean(self):
        data = super().clean() or self.cleaned_data
        mapping = self.mapping
        for name in ("order", "night", "undeclared"):
            if name in self.fields:
                setattr(mapping, name, data.get(name) or getattr(mapping, name))
        if "order" not in self.fields:
            mapping.order = ""
        if mapping.order not in ("", DAY_FIRST, MONTH_FIRST):
            mapping.order = ""
        prefix = "always-"
        mapping.always = {n.removeprefix(prefix): v for n, v in data.items() if n.startswith(prefix) and v}
        for field, texts in self.values.items():
            told = [(text, data.get(f"value-{field}-{n}")) for n, text in enumerate(texts)]
            mapping.values[field] = {self.digests[text]: code for text, code in told if code}
        return data


class UndoForm(SetUp, forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=200,
        help_text=_("Gardé sous clé avec chaque annulation. Sans nommer personne."),
    )

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if not clean_text(reason):
            raise ValidationError(_t("Ce texte contient un signe qui ne peut pas être gardé."))
        return reason
