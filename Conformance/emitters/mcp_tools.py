"""The MCP SDK's own spans: a client and a server in one process, a tool that works and one that fails."""

import asyncio

import telemetry
from mcp import Client
from mcp.server.mcpserver import MCPServer

server = MCPServer('weather')


@server.tool()
def get_weather(city: str) -> str:
    """The weather of a city."""
    if city == 'Atlantis':
        raise ValueError('no such city')
    return f'sunny in {city}'


async def main() -> None:
    telemetry.configure()
    async with Client(server) as client:
        await client.list_tools()
        await client.call_tool('get_weather', {'city': 'Paris'})
        await client.call_tool('get_weather', {'city': 'Atlantis'})


if __name__ == '__main__':
    asyncio.run(main())
