"""The addresses of signing in, language, password and audit."""

from django.urls import path

from shaar.access import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.language, name="language"),
    path("staff/password/", views.password_change, name="password-change"),
    path("staff/people/", views.people, name="people"),
    path("staff/audit/", views.audit, name="audit"),
]
