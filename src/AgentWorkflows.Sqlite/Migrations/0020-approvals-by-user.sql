CREATE INDEX approvals_by_user ON approvals (json_extract(request, '$.userId'), sequence DESC);
