"""Alerts from opening to clearing, their causes and their list."""
