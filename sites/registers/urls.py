from django.urls import path

from sites.registers import incident_views, training_views, views

urlpatterns = [
    path("registers/", views.registers, name="registers"),
    path("registers/incidents/", incident_views.register, name="confidentiality-incidents"),
    path("registers/incidents/new", incident_views.new, name="confidentiality-incident-new"),
    path("registers/incidents/pdf", incident_views.register_file, name="confidentiality-register-pdf"),
    path("registers/incidents/<int:number>/", incident_views.incident, name="confidentiality-incident"),
    path("registers/incidents/<int:number>/amend", incident_views.amend, name="confidentiality-amend"),
    path("registers/incidents/<int:number>/pdf", incident_views.notice, name="confidentiality-notice"),
    path("registers/authorisations/", views.authorisations, name="authorisations"),
    path("registers/authorisations/new", views.authorisation_form, name="authorisation-new"),
    path("registers/authorisations/<int:pk>/", views.authorisation, name="authorisation"),
    path("registers/authorisations/<int:pk>/change", views.authorisation_form, name="authorisation-change"),
    path("registers/authorisations/<int:pk>/condition", views.condition_new, name="condition-new"),
    path("registers/conditions/<int:pk>/check", views.condition_check, name="condition-check"),
    path("registers/conditions/<int:pk>/retire", views.condition_retire, name="condition-retire"),
    path("registers/training/", training_views.training, name="training"),
    path("registers/training/new", training_views.training_new, name="training-new"),
    path("registers/training/<int:pk>/withdraw", training_views.training_withdraw, name="training-withdraw"),
    path("registers/training/courses/<slug:course>", training_views.course_rule, name="course-rule"),
]
