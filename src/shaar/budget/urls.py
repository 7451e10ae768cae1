"""Addresses of the budget."""

from django.urls import path

from shaar.budget import amendviews, codeviews, fileviews, views

app_name = "budget"
FILE = "staff/budget/files/<int:number>/"
urlpatterns = [
    path("budget/", views.public_page, name="public"),
    path("staff/budget/", views.index, name="index"),
    path("staff/budget/files/", fileviews.files, name="imports"),
    path("staff/budget/files/new/", fileviews.new, name="new-file"),
    path(FILE, fileviews.file, name="file"),
    path(f"{FILE}correct/", fileviews.correct, name="correct-file"),
    path(f"{FILE}progress/", fileviews.progress, name="file-progress"),
    path(f"{FILE}rows/", fileviews.rows, name="file-rows"),
    path(f"{FILE}write/", fileviews.step, {"step": "write"}, name="write-file"),
    path(f"{FILE}cancel/", fileviews.step, {"step": "cancel"}, name="cancel-file"),
    path(f"{FILE}resume/", fileviews.step, {"step": "resume"}, name="resume-file"),
    path(f"{FILE}undo/", fileviews.undo, name="undo-file"),
    path("staff/budget/months/", views.months, name="months"),
    path("staff/budget/lines/", views.lines, name="lines"),
    path("staff/budget/lines/<int:number>/", views.line, name="line"),
    path("staff/budget/lines/<int:number>/results/", views.link, name="link-line"),
    path("staff/budget/amendments/", amendviews.index, name="amendments"),
    path("staff/budget/amendments/new/", amendviews.new, name="new-amendment"),
    path("staff/budget/amendments/<int:number>/", amendviews.show, name="amendment"),
    path("staff/budget/amendments/<int:number>/take-back/", amendviews.take_back, name="take-amendment-back"),
    path("staff/budget/codes/", codeviews.index, name="codes"),
    path("staff/budget/codes/new/", codeviews.new, name="new-code"),
    path("staff/budget/codes/<int:number>/", codeviews.show, name="code"),
    path("staff/budget/codes/<int:number>/close/", codeviews.close, name="close-code"),
]
