"""The routes of items: a user reaches their own, with a token that has the scope."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, Security, status
from pydantic import MISSING

from app.contract import SIGNED_IN, answers, header, problems
from app.errors import ConflictError, NotFoundError
from app.etags import ETAG, PRECONDITIONS, ExpectedVersions, IfNoneMatch, etag_of, has_version
from app.idempotency import REPLAYED, IdempotencyKey
from app.items.schemas import (
    ItemCreate,
    ItemListQuery,
    ItemListResponse,
    ItemResponse,
    ItemUpdate,
)
from app.items.service import ItemService
from app.shapes import given
from app.wiring import CurrentUser, StorageDep


async def item_service(user: CurrentUser, storage: StorageDep) -> ItemService:
    """Give the service of the signed-in user."""
    return ItemService(storage.items(user), user.id)


Reading = Annotated[ItemService, Security(item_service, scopes=["items:read"])]
Writing = Annotated[ItemService, Security(item_service, scopes=["items:write"])]
LOCATION = {"Location": header("Where it is.")}
router = APIRouter(prefix="/items", tags=["items"], responses=SIGNED_IN)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={201: answers("The item", ETAG | LOCATION | REPLAYED), **problems(ConflictError)},
)
async def create_item(
    body: ItemCreate,
    service: Writing,
    request: Request,
    response: Response,
    idempotency_key: IdempotencyKey = MISSING,
) -> ItemResponse:
    """Store an item. With an Idempotency-Key, a retry gives the same item and stores nothing."""
    item, replayed = await service.create_item(body, given(idempotency_key))
    response.headers["ETag"] = etag_of(item.version)
    response.headers["Location"] = request.url_for("read_item", item_id=item.id).path
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return ItemResponse.model_validate(item)


@router.get("")
async def list_items(
    query: Annotated[ItemListQuery, Query()], service: Reading
) -> ItemListResponse:
    """Give one page of the caller's items, and how many match."""
    return ItemListResponse.of(await service.list_items(query.asked()), query.sort)


@router.get(
    "/{item_id}",
    response_model=ItemResponse,
    responses={
        200: answers("The item", ETAG),
        304: answers("The client has the present version.", ETAG),
        **problems(NotFoundError),
    },
)
async def read_item(
    item_id: UUID, service: Reading, response: Response, if_none_match: IfNoneMatch = MISSING
) -> ItemResponse | Response:
    """Give an item, unless the client has its present version."""
    item = await service.read_item(item_id)
    etag = etag_of(item.version)
    if has_version(if_none_match, item.version):
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers={"ETag": etag})
    response.headers["ETag"] = etag
    return ItemResponse.model_validate(item)


@router.patch(
    "/{item_id}",
    responses={
        200: answers("The item as it is now", ETAG),
        **problems(NotFoundError, ConflictError),
        **PRECONDITIONS,
    },
)
async def update_item(
    item_id: UUID,
    body: ItemUpdate,
    versions: ExpectedVersions,
    service: Writing,
    response: Response,
) -> ItemResponse:
    """Change what was sent, unless the item has changed since the client read it."""
    item = await service.update_item(item_id, versions, body)
    response.headers["ETag"] = etag_of(item.version)
    return ItemResponse.model_validate(item)


@router.delete(
    "/{item_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={**problems(NotFoundError), **PRECONDITIONS},
)
async def delete_item(item_id: UUID, versions: ExpectedVersions, service: Writing) -> None:
    """Remove an item, unless it has changed since the client read it."""
    await service.delete_item(item_id, versions)
