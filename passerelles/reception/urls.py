"""Addresses of the reception day."""

from django.urls import path

from passerelles.reception.views import appointments, day, interview, sessions, walk_ins

app_name = "reception"
urlpatterns = [
    path("seances", sessions.sessions, name="sessions"),
    path("seances/planifier", sessions.plan, name="plan"),
    path("seances/<uuid:pk>", day.session, name="session"),
    path("seances/<uuid:pk>/tableau", day.session_table, name="session-table"),
    path("seances/<uuid:pk>/feuille", day.sheet, name="sheet"),
    path("seances/<uuid:pk>/modifier", sessions.session_edit, name="session-edit"),
    path("seances/<uuid:pk>/annuler", sessions.session_cancel, name="session-cancel"),
    path("seances/<uuid:pk>/presentation", day.collective, name="collective"),
    path("seances/<uuid:pk>/cloturer", day.close, name="session-close"),
    path("seances/<uuid:pk>/rouvrir", day.reopen, name="session-reopen"),
    path("seances/<uuid:pk>/venue", walk_ins.walk_in, name="walk-in"),
    path("convocations/<uuid:pk>/arrivee", day.arrival, name="arrival"),
    path("convocations/<uuid:pk>/absence", day.absence, name="absence"),
    path("convocations/<uuid:pk>/effacer", day.undo, name="undo"),
    path("convocations/<uuid:pk>/retirer", walk_ins.withdraw, name="withdraw"),
    path("convocations/<uuid:pk>/creneau", day.slot, name="slot"),
    path("convocations/<uuid:pk>/entretien", day.interview_open, name="interview-open"),
    path("seances/entretiens/<uuid:pk>", interview.interview, name="interview"),
    path("seances/entretiens/<uuid:pk>/enregistrer", interview.interview_autosave, name="interview-autosave"),
    path("seances/entretiens/<uuid:pk>/repondre", interview.interview_answer, name="interview-answer"),
    path("rendez-vous", appointments.appointments, name="appointments"),
    path("rendez-vous/export", appointments.appointments_export, name="appointments-export"),
    path("rendez-vous/<uuid:pk>/suite", appointments.appointment_result, name="appointment-result"),
    path("rendez-vous/<uuid:pk>/trancher", appointments.appointment_settle, name="appointment-settle"),
    path("rendez-vous/<uuid:pk>/reporter", appointments.appointment_reschedule, name="appointment-reschedule"),
    path("rendez-vous/<uuid:pk>/annuler", appointments.appointment_cancel, name="appointment-cancel"),
    path("rendez-vous/<uuid:pk>/nouveau", appointments.appointment_again, name="appointment-again"),
]
