"""Addresses of the pathway."""

from django.urls import path

from passerelles.pathway.views import acts, follow_ups, handover, learners, pages, prescribe

app_name = "pathway"
urlpatterns = [
    path("a-suivre/", follow_ups.follow_ups, name="follow-ups"),
    path("a-suivre/<uuid:pk>/prendre/", follow_ups.take, name="take"),
    path("a-suivre/<uuid:pk>/traiter/", follow_ups.treat, name="treat"),
    path("a-suivre/<uuid:pk>/reporter/", follow_ups.postpone, name="postpone"),
    path("stagiaires/", learners.learners, name="learners"),
    path("passation/<uuid:pk>/", handover.hand_over, name="hand-over"),
    path("<uuid:pk>/", pages.pathway, name="pathway"),
    path("<uuid:pk>/chronologie/", pages.timeline, name="timeline"),
    path("<uuid:pk>/prescrire/", prescribe.prescribe, name="prescribe"),
    path("<uuid:pk>/prescrire/civique/", prescribe.prescribe_civic, name="prescribe-civic"),
    path("<uuid:pk>/rendez-vous/", acts.fix_meeting, name="fix-meeting"),
    path("<uuid:pk>/examen-civique/", acts.note_exam, name="note-exam"),
    path("examens/<uuid:pk>/retirer/", acts.withdraw_exam, name="withdraw-exam"),
    path("<uuid:pk>/reconnaissance/", acts.request_recognition, name="request-recognition"),
    path("<uuid:pk>/document/", acts.note_document, name="note-document"),
    path("formations/<uuid:pk>/commencer/", acts.start_training, name="start-training"),
    path("formations/<uuid:pk>/journees/", acts.attend_civic, name="attend-civic"),
    path("formations/<uuid:pk>/terminer/", acts.end_language, name="end-language"),
    path("formations/<uuid:pk>/reprendre/", acts.resume_language, name="resume-language"),
    path("formations/<uuid:pk>/annuler/", acts.cancel_training, name="cancel-training"),
    path("rendez-vous/<uuid:pk>/suite/", acts.meeting_result, name="meeting-result"),
    path("rendez-vous/<uuid:pk>/bilan/", acts.hold_end_of_cir, name="end-of-cir"),
    path("rendez-vous/<uuid:pk>/reporter/", acts.move_meeting, name="move-meeting"),
    path("rendez-vous/<uuid:pk>/annuler/", acts.cancel_meeting, name="cancel-meeting"),
    path("reconnaissances/<uuid:pk>/reponse/", acts.answer_recognition, name="answer-recognition"),
    path("reconnaissances/<uuid:pk>/abandonner/", acts.abandon_recognition, name="abandon-recognition"),
    path("reconnaissances/<uuid:pk>/reprendre/", acts.resume_recognition, name="resume-recognition"),
]
