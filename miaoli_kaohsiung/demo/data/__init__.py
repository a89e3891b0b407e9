"""The demonstration's data: invented people, associations and cases, brought about by the services that people use."""
