from django.urls import path

from sites.visits import views

urlpatterns = [
    path("", views.board, name="board"),
]
