from django.urls import path

from sites.sheets import views

urlpatterns = [
    path("sheets/", views.sheets, name="sheets"),
    path("sheets/<slug:form>/blank", views.blank_sheet, name="sheet-blank"),
    path("sheets/<slug:form>/", views.type_in, name="sheet-type-in"),
]
