"""A charge point as Python's package `ocpp` plays it: whatever its schemas don't
allow fails. A line on the input says what it does next; what it is answered, and
every order that comes, is a line of JSON on the output."""

import asyncio
import base64
import dataclasses
import json
import sys

import websockets
from ocpp import v16, v201
from ocpp.routing import on

DIALECTS = {"ocpp1.6": v16, "ocpp2.0.1": v201}


def tell(**news):
    print(json.dumps(news), flush=True)


def charge_point_of(dialect):
    """The package's charge point, with the orders that it can be given."""

    class ChargePoint(dialect.ChargePoint):
        # What it says to an order: a status, or "silence", or "hang up".
        says = "Accepted"
        # Whether it keeps the answer to this order to itself.
        silent = False

        @on("ReserveNow")
        async def reserve_now(self, **details):
            await self.hear("ReserveNow", details)
            return dialect.call_result.ReserveNow(status=self.status())

        @on("CancelReservation")
        async def cancel_reservation(self, **details):
            await self.hear("CancelReservation", details)
            return dialect.call_result.CancelReservation(status=self.status())

        def status(self):
            return "Accepted" if self.says in ("silence", "hang up") else self.says

        async def hear(self, action, details):
            # What the test wants from now on counts from the next order on.
            self.silent = self.says == "silence"
            hangs_up = self.says == "hang up"
            tell(order=action, details=details)
            if hangs_up:
                await self._connection.close()

        async def _send(self, message):
            is_answer = json.loads(message)[0] != 2
            if not (is_answer and self.silent):
                await super()._send(message)

    return ChargePoint


class Peer:
    """A charge point that keeps what it has to say while there is no connection."""

    def __init__(self, url, name, key, subprotocol):
        self.url, self.name, self.subprotocol = url, name, subprotocol
        credentials = base64.b64encode(f"{name}:{key}".encode()).decode()
        self.headers = {"Authorization": f"Basic {credentials}"}
        self.dialect = DIALECTS[subprotocol]
        self.kind = charge_point_of(self.dialect)
        self.says = "Accepted"
        self.queue = []
        self.transaction = None
        self.point = None

    async def connect(self):
        connection = await websockets.connect(
            self.url, subprotocols=[self.subprotocol], additional_headers=self.headers
        )
        self.point = self.kind(self.name, connection)
        self.point.says = self.says
        asyncio.create_task(self.listen(self.point))
        tell(connected=connection.subprotocol)
        for said in self.queue:
            await self.call(*said)
        self.queue.clear()

    async def listen(self, point):
        try:
            await point.start()
        except websockets.ConnectionClosed:
            if self.point is point:
                self.point = None

    async def drop(self):
        connection, self.point = self.point._connection, None
        await connection.close()
        tell(dropped=True)

    def behave(self, says):
        self.says = says
        if self.point:
            self.point.says = says
        tell(says=says)

    async def say(self, action, details):
        if self.point:
            await self.call(action, details)
        else:
            self.queue.append((action, details))
            tell(queued=len(self.queue))

    async def call(self, action, details):
        # Only the answer to its start tells what a charge of 1.6 is called.
        if details.get("transaction_id", 0) is None:
            details = details | {"transaction_id": self.transaction}
        request = getattr(self.dialect.call, action)(**details)
        answer = await self.point.call(request, suppress=False)
        self.transaction = getattr(answer, "transaction_id", self.transaction)
        tell(answer=dataclasses.asdict(answer))


async def main():
    peer = Peer(*sys.argv[1:])
    while line := await asyncio.to_thread(sys.stdin.readline):
        verb, _, rest = line.strip().partition(" ")
        try:
            match verb:
                case "connect":
                    await peer.connect()
                case "drop":
                    await peer.drop()
                case "behave":
                    peer.behave(rest)
                case action:
                    await peer.say(action, json.loads(rest))
        except Exception as failure:  # The test is to hear of whatever it is.
            tell(failed=f"{line.strip()}: {failure!r}")


asyncio.run(main())
