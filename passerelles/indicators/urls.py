"""Addresses of the catalogue of figures, of the cohorts and of the impact benchmarks."""

from django.urls import path

from passerelles.indicators.views import cohorts, figures, impact

app_name = "indicators"
urlpatterns = [
    path("", figures.catalogue, name="catalogue"),
    path("cohortes/", cohorts.cohort, name="cohorts"),
    path("cohortes/export.csv", cohorts.export, name="cohort-export"),
    path("reperes/", impact.declared, name="benchmarks"),
    path("reperes/declarer/", impact.declare, name="declare-benchmark"),
    path("reperes/<uuid:pk>/", impact.benchmark, name="benchmark"),
    path("reperes/<uuid:pk>/mesurer/", impact.measure, name="measure-benchmark"),
    path("<str:code>/", figures.figure, name="figure"),
    path("<str:code>/export.csv", figures.export, name="export"),
]
