from django.urls import path

from sites.retention import views

urlpatterns = [
    path("retention/", views.schedule, name="retention"),
    path("retention/sign", views.sign, name="retention-sign"),
    path("retention/run", views.run, name="retention-run"),
    path("retention/try", views.try_out, name="retention-try"),
    path("retention/holds/", views.holds, name="holds"),
    path("retention/holds/<uuid:ref>/lift", views.lift, name="hold-lift"),
    path("retention/certificates/", views.certificates, name="certificates"),
    path("retention/certificates/<int:pk>/", views.certificate, name="certificate"),
    path("retention/certificates/<int:pk>/json", views.certificate_file, name="certificate-file"),
]
