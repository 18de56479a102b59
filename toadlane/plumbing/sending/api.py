from ninja import Router

router = Router(tags=["sending"])
server = Router(tags=["sending"])
