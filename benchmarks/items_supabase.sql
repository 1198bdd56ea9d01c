-- A hundred users with fifty items each, beside the one who is there and gets as many.
INSERT INTO auth.users (id, email)
SELECT gen_random_uuid(), 'user' || n || '@example.com' FROM generate_series(1, 100) AS n;

INSERT INTO items (id, owner_id, name, description, status, created_at, updated_at)
SELECT gen_random_uuid(), users.id, 'Item ' || n, 'The ' || n || 'th item of this user, for the list.',
       'active', now() - n * interval '1 minute', now()
FROM auth.users, generate_series(1, 50) AS n;

ANALYZE;
