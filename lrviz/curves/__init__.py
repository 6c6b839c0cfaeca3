"""Definite schedules as curves to show."""
