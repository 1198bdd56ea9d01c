-- Items, and who may do what with them.

create type public.item_status as enum ('draft', 'active', 'archived');

create table public.items (
    id uuid not null,
    owner_id uuid not null,
    -- By code point, so that the order is the same on every machine, and in any language's capitals.
    name text collate pg_catalog.pg_c_utf8 not null,
    description text not null,
    status public.item_status not null,
    version integer not null default 1,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    idempotency_key text,
    fingerprint text,
    constraint pk_items primary key (id),
    constraint fk_items_owner_id_users
        foreign key (owner_id) references auth.users (id) on delete cascade,
    constraint uq_items_owner_id_name unique (owner_id, name),
    constraint uq_items_owner_id_idempotency_key unique (owner_id, idempotency_key),
    -- A user reaches the table without the API too, so what must hold for each row is said here.
    constraint ck_items_name check (char_length(name) between 1 and 100),
    constraint ck_items_description check (char_length(description) <= 2000)
);

create index ix_items_owner_id_created_at_id on public.items (owner_id, created_at, id);
create index ix_items_owner_id_updated_at_id on public.items (owner_id, updated_at, id);

alter table public.items enable row level security;

create policy items_select on public.items for select to authenticated
    using (owner_id = (select auth.uid()));
create policy items_insert on public.items for insert to authenticated
    with check (owner_id = (select auth.uid()));
create policy items_update on public.items for update to authenticated
    using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
create policy items_delete on public.items for delete to authenticated
    using (owner_id = (select auth.uid()));

-- A project may grant everything on what is new; this table says itself what is granted. Nobody
-- sets a version, and nobody changes whose an item is or when it was made.
revoke all on table public.items from anon, authenticated;
grant select, delete on table public.items to authenticated;
grant insert (
    id, owner_id, name, description, status, created_at, updated_at, idempotency_key, fingerprint
) on table public.items to authenticated;
grant update (name, description, status, updated_at) on table public.items to authenticated;

-- Each change makes a version, whoever makes it.
create function public.count_item_version() returns trigger
language plpgsql set search_path = '' as $$
begin
    new.version := old.version + 1;
    return new;
end
$$;

revoke all on function public.count_item_version() from public, anon, authenticated;
create trigger count_item_version before update on public.items
    for each row execute function public.count_item_version();

-- Stores an item, or gives the one that an earlier attempt of its key stored, in one transaction.
-- It acts as the caller: the policies decide.
create function public.add_item(
    id uuid,
    owner_id uuid,
    name text,
    description text,
    status public.item_status,
    created_at timestamp with time zone,
    idempotency_key text,
    fingerprint text
) returns setof public.items
language plpgsql security invoker set search_path = '' as $$
#variable_conflict use_column
declare
    stored public.items;
begin
    -- Waits for a name or a key that is on its way, and then finds it.
    insert into public.items as item (
        id, owner_id, name, description, status, created_at, updated_at, idempotency_key, fingerprint
    ) values (
        add_item.id, add_item.owner_id, add_item.name, add_item.description, add_item.status,
        add_item.created_at, add_item.created_at, add_item.idempotency_key, add_item.fingerprint
    )
    on conflict do nothing
    returning item.* into stored;
    if not found then
        select item.* into stored from public.items as item
        where item.owner_id = add_item.owner_id
            and item.idempotency_key = add_item.idempotency_key;
        if not found then
            raise unique_violation using message = 'uq_items_owner_id_name';
        elsif stored.fingerprint <> add_item.fingerprint then
            raise unique_violation using message = 'uq_items_owner_id_idempotency_key';
        end if;
    end if;
    return next stored;
end
$$;

revoke all on function public.add_item from public, anon, authenticated;
grant execute on function public.add_item to authenticated;
