from django.urls import path

from reglo.hooks import views

urlpatterns = [path("<str:provider>/<str:token>", views.receive, name="hook")]
