from sites.records.stories import Kind, Story
from sites.shifts import forms
from sites.shifts.services import SAID, SETTLED, check_remark, refresh_hand_over, refresh_remark

REMARK = Story("remark", refresh=refresh_remark, check=check_remark, subject_field="remark")
HAND_OVER = Story("hand-over", refresh=refresh_hand_over)

KINDS = [
    Kind(SAID, forms.RemarkForm, REMARK, founds=True, waits_for_founder=False),
    Kind(SETTLED, forms.RemarkSettledForm, REMARK),
    Kind("shift.handed_over", forms.SignedForm, HAND_OVER, waits_for_founder=False),
]
