from ninja import Router

router = Router(tags=["messaging"])
server = Router(tags=["messaging"])
