from httpx2 import AsyncClient


async def test_a_running_process_says_that_it_is_alive(client: AsyncClient) -> None:
    response = await client.get("/health/live")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
