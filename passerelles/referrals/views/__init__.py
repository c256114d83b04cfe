"""Screens of referrals: lists, the page of one, the form that sends, the places."""
