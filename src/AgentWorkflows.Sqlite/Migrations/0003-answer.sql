-- The answer stands by itself, so that a step that reports progress without one leaves it alone.
ALTER TABLE sessions ADD COLUMN answer TEXT;
UPDATE sessions SET answer = json_extract(progress, '$.answer');
