"""Addresses of programmes."""

from django.urls import path

from shaar.programme.views import imports, plans, public, reporting, staff

app_name = "programme"
HOME = "programmes/<slug:code>/"
PLAN = "staff/plans/<slug:code>/"
IMPORT = "staff/imports/<int:number>/"
REPORT = "staff/reports/<int:report>/"
urlpatterns = [
    path("programmes/", public.index, name="index"),
    path(HOME, public.programme, name="programme"),
    path(f"{HOME}directions/<int:number>/", public.direction, name="direction"),
    path(f"{HOME}measures/", public.measures, name="measures"),
    path(f"{HOME}measures/measures.csv", public.measures_csv, name="measures-csv"),
    path(f"{HOME}measures/measures.json", public.measures_json, name="measures-json"),
    path(f"{HOME}measures/<str:measure>/", public.measure, name="measure"),
    path("staff/reports/", staff.reports, name="reports"),
    path("staff/overdue/", staff.overdue, name="overdue"),
    path("staff/overdue/round/", staff.new_round, name="new-round"),
    path(REPORT, reporting.report, name="report"),
    path(f"{REPORT}form.xlsx", reporting.workbook, name="workbook"),
    path(f"{REPORT}upload/", reporting.upload, name="upload"),
    path(f"{REPORT}apply/", reporting.apply, name="apply"),
    path(f"{REPORT}steps/<slug:step>/", reporting.step, name="step"),
    path("staff/imports/", imports.index, name="imports"),
    path("staff/imports/new/", imports.new, name="new-import"),
    path(IMPORT, imports.show, name="import"),
    path(f"{IMPORT}progress/", imports.progress, name="import-progress"),
    path(f"{IMPORT}approve/", imports.step, {"step": "approve"}, name="approve-import"),
    path(f"{IMPORT}cancel/", imports.step, {"step": "cancel"}, name="cancel-import"),
    path(f"{IMPORT}resume/", imports.step, {"step": "resume"}, name="resume-import"),
    path(f"{PLAN}plan.xlsx", imports.workbook, name="plan-workbook"),
    path("staff/plans/", plans.index, name="plans"),
    path(PLAN, plans.plan, name="plan"),
    path(f"{PLAN}enact/", plans.enact, name="enact"),
    path(f"{PLAN}discard/", plans.discard, name="discard"),
    path(f"{PLAN}measures/", plans.measure, name="add-measure"),
    path(f"{PLAN}measures/<str:measure>/", plans.measure, name="change-measure"),
    path(f"{PLAN}measures/<str:measure>/cancel/", plans.cancel, name="cancel-measure"),
]
