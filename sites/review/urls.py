from django.urls import path

from sites.review import views

urlpatterns = [
    path("review/", views.review, name="review"),
    path("review/right", views.right, name="review-right"),
    path("review/right/said/", views.said_right, name="review-said-right"),
    path("review/right/<uuid:batch>/back", views.back_on_the_list, name="review-take-back"),
    path("setup/review/", views.limits, name="setup-review"),
]
