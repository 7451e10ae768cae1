"""The addresses of signing in, one's own settings, administration and audit."""

from django.urls import path

from shaar.access.views import audit, entering, outside, own, people, roles

urlpatterns = [
    path("sign-in/", entering.sign_in, name="sign-in"),
    path("sign-in/second/", entering.second_factor, name="second-factor"),
    path("sign-in/passkey/", entering.passkey, name="passkey"),
    path("sign-in/outside/", outside.start, name="oidc-start"),
    path("sign-in/outside/back/", outside.back, name="oidc-back"),
    path("sign-out/", entering.sign_out, name="sign-out"),
    path("language/", entering.language, name="language"),
    path("email/<str:token>/", own.confirm_email, name="confirm-email"),
    path("staff/settings/", own.own_profile, name="settings"),
    path("staff/settings/security/", own.security, name="settings-security"),
    path("staff/settings/security/confirm/", own.confirm, name="settings-confirm"),
    path("staff/settings/security/app/", own.add_app, name="settings-app"),
    path("staff/settings/security/passkey/", own.add_passkey, name="settings-passkey"),
    path("staff/settings/security/codes/", own.renew_codes, name="settings-codes"),
    path("staff/settings/security/factors/<int:number>/", own.remove_factor, name="settings-factor"),
    path("staff/settings/security/sessions/", own.end_sessions, name="settings-sessions"),
    path("staff/settings/security/sessions/<int:number>/", own.end_session, name="settings-session"),
    path("staff/settings/deputies/", own.own_deputies, name="settings-deputies"),
    path("staff/settings/deputies/<int:number>/", own.end_deputy, name="settings-deputy"),
    path("staff/password/", own.password_change, name="password-change"),
    path("staff/people/", people.people, name="people"),
    path("staff/people/new/", people.new_person, name="new-person"),
    path("staff/people/<str:username>/", people.person, name="person"),
    path("staff/people/<str:username>/edit/", people.edit_person, name="edit-person"),
    path("staff/people/<str:username>/roles/", people.person_roles, name="person-roles"),
    path("staff/people/<str:username>/roles/<int:number>/", people.take_role, name="take-role"),
    path("staff/people/<str:username>/deputies/", people.person_deputies, name="person-deputies"),
    path("staff/people/<str:username>/deputies/<int:number>/", people.end_deputy, name="person-deputy"),
    path("staff/people/<str:username>/identity/", people.person_identity, name="person-identity"),
    path("staff/people/<str:username>/do/<str:question>/", people.person_question, name="person-question"),
    path("staff/roles/", roles.roles, name="roles"),
    path("staff/roles/new/", roles.new_role, name="new-role"),
    path("staff/roles/<str:code>/", roles.role, name="role"),
    path("staff/audit/", audit.audit, name="audit"),
    path("staff/audit/audit.csv", audit.audit_csv, name="audit-csv"),
]
