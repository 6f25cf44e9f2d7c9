"""The operator's side: package, plan, deploy, run locally, and the commands of `python -m infra`."""
