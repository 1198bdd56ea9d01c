-- A hundred users with fifty items each, beside the one who is there and gets as many.
INSERT INTO accounts (id, email, password_hash, scopes, created_at)
SELECT gen_random_uuid(), 'user' || n || '@example.com', 'none', '{}', now()
FROM generate_series(1, 100) AS n;

INSERT INTO items (id, owner_id, name, description, status, version, created_at, updated_at)
SELECT gen_random_uuid(), accounts.id, 'Item ' || n, 'The ' || n || 'th item of this user, for the list.',
       'active', 1, now() - n * interval '1 minute', now()
FROM accounts, generate_series(1, 50) AS n;

ANALYZE;
