-- Events: what changes for a user, for the streams of the API. Nobody reads or writes them through
-- the project: policies would let a user read, and there is none.

create table public.event_logs (
    user_id uuid not null,
    last bigint not null,
    constraint pk_event_logs primary key (user_id)
);

create table public.events (
    user_id uuid not null,
    number bigint not null,
    kind text not null,
    action text not null,
    state jsonb not null,
    created_at timestamp with time zone not null default clock_timestamp(),
    constraint pk_events primary key (user_id, number)
);

create index ix_events_created_at on public.events (created_at);

alter table public.event_logs enable row level security;
alter table public.events enable row level security;
revoke all on table public.event_logs, public.events from anon, authenticated;

-- What a table's trigger calls, with the kind of thing that a row is. It runs when the transaction
-- commits, and locks the log of the user until that is done: numbers have no gap, and their order is
-- that of the commits. Users may not write events themselves, so it runs as its owner.
create function public.record_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
    changed jsonb := to_jsonb(coalesce(new, old));
    owner uuid := changed ->> 'owner_id';
    next bigint;
begin
    insert into public.event_logs as log (user_id, last) values (owner, 1)
    on conflict (user_id) do update set last = log.last + 1
    returning last into next;
    insert into public.events (user_id, number, kind, action, state)
    values (
        owner,
        next,
        tg_argv[0],
        case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end,
        changed
    );
    perform pg_notify('events', owner::text);
    return null;
end
$$;

revoke all on function public.record_change() from public, anon, authenticated;
create constraint trigger record_change after insert or update or delete on public.items
    deferrable initially deferred
    for each row execute function public.record_change('item');
