"""What people see: web console, HTTP API, Grafana dashboards as code."""
