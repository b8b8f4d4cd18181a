from django import forms

from sites.places.forms import SetUp
from sites.review.terms import LIMITS


class LimitsForm(SetUp, forms.Form):
    """From where on this site wants to look again; every limit has its usual value."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for limit in LIMITS.values():
            self.fields[limit.code] = forms.IntegerField(label=limit.words, min_value=1, max_value=limit.most)
