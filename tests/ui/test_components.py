"""The components of the design system as pages show them."""

from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from shaar.kernel.periods import Period
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text


class ExampleForm(forms.Form):
    """Every kind of control that the field component draws."""

    name = forms.CharField(label="Имя", help_text="Как в паспорте")
    status = forms.ChoiceField(label="Статус", choices=[("a", "А"), ("b", "Б")], widget=forms.RadioSelect)
    remark = forms.CharField(label="Замечание", widget=forms.Textarea)
    agreed = forms.BooleanField(label="Согласен")


def render(source: str, **context: object) -> str:
    """Return a template that loads the components, rendered."""
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_error_stands_beside_its_control_and_in_the_summary_and_what_was_typed_stays() -> None:
    form = ExampleForm({"name": "", "remark": "уже <написано>"})
    summary = render("{% errors form %}", form=form)
    control = render("{% field form.name %}", form=form)
    assert 'href="#id_name"' in summary
    assert 'id="id_name-error"' in control
    assert 'aria-describedby="id_name-hint id_name-error"' in control
    assert "govuk-input--error" in control
    assert "уже &lt;написано&gt;" in render("{% field form.remark %}", form=form)


def test_a_form_without_errors_shows_no_summary() -> None:
    assert render("{% errors form %}", form=ExampleForm()).strip() == ""


def test_a_group_of_radios_is_a_fieldset_with_a_legend_and_keeps_the_choice() -> None:
    shown = render("{% field form.status %}", form=ExampleForm({"status": "b"}))
    assert "<legend" in shown
    assert 'value="b" checked' in shown
    assert 'value="a" checked' not in shown


def test_a_state_is_told_in_words() -> None:
    assert "просрочено" in render('{% status_tag "overdue" "просрочено" %}')


@pytest.mark.parametrize(("language", "written"), [("ru", "более 4\u00a0000"), ("ky", "кеминде 4\u00a0000")])
def test_quantities_are_written_in_the_language_of_the_page(language: str, written: str) -> None:
    with translation.override(language):
        value = Quantity(Decimal(4000), None, Qualifier.AT_LEAST)
        assert render("{{ value|quantity }}", value=value) == written


def test_a_missing_quantity_is_written_as_nothing_not_as_zero() -> None:
    assert render("[{{ value|quantity }}{{ value|number }}]", value=None) == "[]"


def test_a_text_falls_back_to_russian_and_says_so() -> None:
    with translation.override("ky"):
        shown = render("{{ t|language_of }}:{{ t|text }}", t=Text("Школа"))
        assert shown == "ru:Школа"
        assert render("{{ p|period_name }}", p=Period.year(2022)) == "2022-жыл"


def test_pages_keep_the_filters_of_the_list() -> None:
    request = RequestFactory().get("/list/?status=overdue&page=2")
    page = Paginator(range(30), 10).page(2)
    shown = render("{% pagination page %}", page=page, request=request)
    assert "?status=overdue&amp;page=1" in shown
    assert "?status=overdue&amp;page=3" in shown


def test_a_query_changes_one_parameter_and_forgets_the_page() -> None:
    request = RequestFactory().get("/list/?status=overdue&page=2&q=парк")
    assert "page" not in render('{% query status="" %}', request=request)
    assert "status" not in render('{% query status="" %}', request=request)


def test_progress_is_told_in_numbers_too() -> None:
    assert "(50 %)" in render('{% progress 5 10 "Импорт" %}')
    assert "(0 %)" in render('{% progress 0 0 "Импорт" %}')
