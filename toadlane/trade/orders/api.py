from ninja import Router

router = Router(tags=["orders"])
server = Router(tags=["orders"])
