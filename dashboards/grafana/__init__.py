"""Grafana dashboards as code: built in Python, provisioned as files, pushed over the API."""
